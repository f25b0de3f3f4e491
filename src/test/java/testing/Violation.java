package testing;

import java.io.IOException;
import java.util.List;

/**
 * What a WebSocket client must not do, and the code of the close frame that answers it.
 *
 * @param name in reports
 * @param code of RFC 6455, section 7.4
 */
public record Violation(String name, int code, Act act) {
  /** Violates the rule on an open WebSocket. */
  public interface Act {
    void by(RawWebSocket socket) throws IOException;
  }

  /** Longer than half of the longest message that a server should take, which is 16 KiB. */
  private static final String HALF_TOO_LONG = "x".repeat(12_000);

  private static final String PING = "{\"type\":\"ping\",\"timestamp\":1}";

  /** Frames that RFC 6455 does not allow, and messages that no server of texts should take. */
  public static final List<Violation> FRAMES =
      List.of(
          bytes("bad UTF-8", 1007, RawWebSocket.TEXT, '{', 0xC3, 0x28, '}'),
          bytes("half a surrogate pair", 1007, RawWebSocket.TEXT, 0xED, 0xA0, 0x80),
          text("a binary message", 1003, RawWebSocket.BINARY, PING),
          new Violation(
              "the head of a frame of 1 GiB",
              1009,
              socket -> socket.sendHead(RawWebSocket.TEXT, 1 << 30)),
          new Violation(
              "a long message in pieces",
              1009,
              socket -> {
                socket.send(RawWebSocket.TEXT_BEGINS, HALF_TOO_LONG);
                socket.send(RawWebSocket.CONTINUES, HALF_TOO_LONG);
              }),
          new Violation("no mask", 1002, socket -> socket.sendUnmasked(RawWebSocket.TEXT, PING)),
          text("a reserved bit", 1002, RawWebSocket.TEXT | 0x40, PING),
          text("an unknown opcode", 1002, 0x83, PING),
          text("an unknown control opcode", 1002, 0x8B, ""),
          text("a ping in pieces", 1002, RawWebSocket.PING & 0x0F, "x"),
          text("a long ping", 1002, RawWebSocket.PING, "x".repeat(126)),
          text("a piece of nothing", 1002, RawWebSocket.ENDS, "x"),
          new Violation(
              "a text within a text",
              1002,
              socket -> {
                socket.send(RawWebSocket.TEXT_BEGINS, "x");
                socket.send(RawWebSocket.TEXT, "y");
              }),
          bytes("half a close code", 1002, RawWebSocket.CLOSE, 3),
          bytes("a reserved close code", 1002, RawWebSocket.CLOSE, 3, 0xED));

  public static Violation text(String name, int code, int first, String payload) {
    return new Violation(name, code, socket -> socket.send(first, payload));
  }

  public static Violation bytes(String name, int code, int first, int... payload) {
    byte[] bytes = new byte[payload.length];
    for (int index = 0; index < bytes.length; index++) {
      bytes[index] = (byte) payload[index];
    }
    return new Violation(name, code, socket -> socket.send(first, bytes));
  }

  @Override
  public String toString() {
    return name;
  }
}
