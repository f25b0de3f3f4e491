package targets.relay.adapter;

import io.netty.channel.EventLoop;
import targets.relay.message.Delivery;

/** Decides by their sequence which tokens a stream gets. Used by one event loop. */
sealed interface Sequencer permits CoreSequencer, DurableSequencer {
  /** The sequence of a stream that takes any token as the first. */
  long ANY = 0;

  /** A client as its sequencer sees it. Used by its event loop. */
  interface Outlet {
    EventLoop loop();

    /** Returns the conversation's id. */
    String id();

    /** Writes a token; ends the stream if the token ends its conversation. */
    void token(Token token);

    /** Writes a comment. */
    void comment(String text);

    /** Reports lost tokens; the last of them is the event's id. */
    void lost(long first, long last);

    /** Returns false while the client does not read. */
    boolean isWritable();
  }

  /** Returns the sequencer of a stream. */
  static Sequencer of(Outlet outlet, StreamRequest request, Streams streams) {
    boolean durable = streams.settings().delivery() == Delivery.DURABLE;
    long otherwise = durable && !request.isFromNow() ? 1 : ANY;
    long next =
        request.lastEventId().isPresent() ? request.lastEventId().getAsLong() + 1 : otherwise;
    return durable
        ? new DurableSequencer(outlet, next, request.isFromNow(), streams)
        : new CoreSequencer(outlet, next, streams.metrics());
  }

  /** The subscription stands, and the client was greeted. */
  void begin();

  /** Takes a token from NATS. */
  void live(Token token);

  /** Tokens may have been lost since the last one. */
  default void missed() {}

  /** The client reads again. */
  default void writable() {}

  /** The stream is over. */
  default void end() {}
}
