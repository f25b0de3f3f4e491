package targets.shared;

/** Why a target closes a WebSocket, with the code of RFC 6455 (1013: of IANA's registry). */
public enum CloseReason {
  EXPIRED(1008, "the token has expired"),
  TOO_MANY(1008, "more messages than a connection may send"),
  NOT_AVAILABLE(1008, "WebSocket not available for this user yet"),
  PROTOCOL(1002, "a frame that RFC 6455 does not allow"),
  BAD_TEXT(1007, "a text message is UTF-8"),
  BINARY(1003, "only text messages are understood"),
  TOO_LARGE(1009, "the message is too long"),
  IDLE(1001, "no sign of life"),
  STOPPING(1001, "the server is stopping"),
  OUTBOX_FULL(1013, "too slow: the outbox is full"),
  STALLED(1013, "too slow: the client stalled longer than the limit"),
  FAILURE(1011, "internal error");

  /** Stands for a close frame without a code; never sent. */
  public static final int NO_CODE = 1005;

  /** Stands for a connection that ended without a close frame; never sent. */
  public static final int NO_FRAME = 1006;

  /** Code and reason of the close frame. */
  final int code;

  final String text;

  CloseReason(int code, String text) {
    this.code = code;
    this.text = text;
  }

  /** True if the client's bytes cannot be understood from here on. */
  public boolean isBroken() {
    return this == PROTOCOL || this == TOO_LARGE || this == BAD_TEXT;
  }
}
