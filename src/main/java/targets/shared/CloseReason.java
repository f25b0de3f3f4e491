package targets.shared;

/** Why a target closes a WebSocket, with the code of RFC 6455 (1013: of IANA's registry). */
public enum CloseReason {
  /** The client's token has expired. */
  EXPIRED(1008, "the token has expired"),
  /** The connection exceeded its rate limit. */
  TOO_MANY(1008, "more messages than a connection may send"),
  /** The service is not available for this user. */
  NOT_AVAILABLE(1008, "WebSocket not available for this user yet"),
  /** A violation of RFC 6455. */
  PROTOCOL(1002, "a frame that RFC 6455 does not allow"),
  /** A text message that is not UTF-8. */
  BAD_TEXT(1007, "a text message is UTF-8"),
  /** A message that is not text. */
  BINARY(1003, "only text messages are understood"),
  /** A message above the size limit. */
  TOO_LARGE(1009, "the message is too long"),
  /** No frame of the client, pongs included, within the idle limit. */
  IDLE(1001, "no sign of life"),
  /** The target is stopping. */
  STOPPING(1001, "the server is stopping"),
  /** The outbox limit is reached. */
  OUTBOX_FULL(1013, "too slow: the outbox is full"),
  /** The client stalled longer than the limit. */
  STALLED(1013, "too slow: the client stalled longer than the limit"),
  /** An internal error. */
  FAILURE(1011, "internal error");

  /** Stands for a close frame without a code; never sent. */
  public static final int NO_CODE = 1005;

  /** Stands for a connection that ended without a close frame; never sent. */
  public static final int NO_FRAME = 1006;

  private final int code;
  private final String text;

  CloseReason(int code, String text) {
    this.code = code;
    this.text = text;
  }

  /** Returns the code of the close frame. */
  public int code() {
    return code;
  }

  /** Returns the reason of the close frame. */
  public String text() {
    return text;
  }

  /** True if the client's bytes cannot be understood from here on. */
  public boolean isBroken() {
    return this == PROTOCOL || this == TOO_LARGE || this == BAD_TEXT;
  }
}
