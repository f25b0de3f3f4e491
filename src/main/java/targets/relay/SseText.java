package targets.relay;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import targets.shared.Json;

/** The pieces of an SSE stream as bytes. */
final class SseText {
  private SseText() {}

  /** An event with an id; the JSON must be without line ends. */
  static byte[] event(String name, long id, byte[] json) {
    return event("event: " + name + "\nid: " + id + "\ndata: ", json);
  }

  /** An event without an id, which leaves the client's last event id as it is. */
  static byte[] event(String name, Map<String, Object> data) {
    return event("event: " + name + "\ndata: ", Json.bytes(data));
  }

  /** A comment, which clients do not show. */
  static byte[] comment(String text) {
    return (": " + text + "\n\n").getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] event(String head, byte[] json) {
    byte[] start = head.getBytes(StandardCharsets.US_ASCII);
    byte[] out = new byte[start.length + json.length + 2];
    System.arraycopy(start, 0, out, 0, start.length);
    System.arraycopy(json, 0, out, start.length, json.length);
    out[out.length - 2] = '\n';
    out[out.length - 1] = '\n';
    return out;
  }
}
