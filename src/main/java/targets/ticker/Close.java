package targets.ticker;

import java.util.Locale;

/** Why the ticker closes a connection, with the code of RFC 6455 (1013: of IANA's registry). */
enum Close {
  /** The token's time is over. */
  EXPIRED(1008, "the token has expired"),
  /** The connection sent more than it may. */
  TOO_MANY(1008, "more messages than a connection may send"),
  /** Planted mistake, in the words of the original. */
  NOT_AVAILABLE(1008, "WebSocket not available for this user yet"),
  /** Against RFC 6455. */
  PROTOCOL(1002, "a frame that RFC 6455 does not allow"),
  /** A text that is not UTF-8. */
  BAD_TEXT(1007, "a text message is UTF-8"),
  /** Only text is understood. */
  BINARY(1003, "only text messages are understood"),
  /** A message that is too long. */
  TOO_LARGE(1009, "the message is too long"),
  /** No sign of life. */
  IDLE(1001, "no sign of life"),
  /** The ticker stops. */
  STOPPING(1001, "the ticker is stopping"),
  /** More waits than may wait. */
  OUTBOX_FULL(1013, "too slow: the outbox is full"),
  /** What waits does not get less. */
  STALLED(1013, "too slow: no room was made for what comes"),
  /** A mistake of the ticker's. */
  FAILURE(1011, "the ticker failed");

  /** Stands for a close frame without a code; never sent. */
  static final int NO_CODE = 1005;

  /** Stands for a connection that ended without a close frame; never sent. */
  static final int NO_FRAME = 1006;

  private final int code;
  private final String reason;

  Close(int code, String reason) {
    this.code = code;
    this.reason = reason;
  }

  int code() {
    return code;
  }

  /** In a sentence for the client. */
  String reason() {
    return reason;
  }

  /** As the metrics name it. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
