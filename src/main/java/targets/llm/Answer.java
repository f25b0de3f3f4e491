package targets.llm;

/** An answer that takes time. Used only on its connection's event loop. */
sealed interface Answer permits TokenStream, WholeAnswer {
  /** Starts the clock of its plan; it may be over when this returns. */
  void begin();

  /** The socket takes bytes again. */
  void writable();

  /** The connection is gone. */
  void disconnected();

  /** The server stops now: whatever is not yet said is replaced by an error. */
  void cutShort();
}
