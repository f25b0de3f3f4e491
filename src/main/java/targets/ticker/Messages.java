package targets.ticker;

import com.fasterxml.jackson.databind.util.RawValue;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import targets.shared.Json;

/** Messages to one client, as UTF-8 JSON. Times are in milliseconds since 1970. */
final class Messages {
  private static final long NS_OF_MS = 1_000_000;
  private static final List<String> FEATURES = List.of("ping", "subscribe", "conflation");

  private Messages() {}

  /** Returns the first message of a connection. */
  static byte[] established(String client, String nonce, long unixNs) {
    Map<String, Object> message = message("connection:established", nonce, unixNs);
    message.put("clientId", client);
    message.put("rolloutPercentage", 100);
    message.put("features", FEATURES);
    return Json.bytes(message);
  }

  /**
   * Returns the answer to a ping.
   *
   * @param timestamp of the ping, exactly as received
   * @param latencyMs time that the ping took to arrive; null if the clocks cannot be compared
   */
  static byte[] pong(String timestamp, Double latencyMs, String nonce, long unixNs) {
    Map<String, Object> message = message("pong", nonce, unixNs);
    message.put("originalTimestamp", new RawValue(timestamp));
    message.put("latency", latencyMs);
    message.put("serverTime", unixNs);
    return Json.bytes(message);
  }

  /** Returns the regular message to a client. */
  static byte[] heartbeat(long clients, long idleMs, String nonce, long unixNs) {
    Map<String, Object> message = message("heartbeat", nonce, unixNs);
    message.put("connectedClients", clients);
    message.put("idleTime", idleMs);
    return Json.bytes(message);
  }

  /** Returns the answer to subscribe and unsubscribe, with the current tokens. */
  static byte[] subscribed(Iterable<String> tokens, String nonce, long unixNs) {
    Map<String, Object> message = message("subscription:ack", nonce, unixNs);
    message.put("tokens", tokens);
    return Json.bytes(message);
  }

  /** Returns the numbers of messages, by feed, that newer ones replaced for a slow client. */
  static byte[] conflated(Map<String, Integer> skipped, String nonce, long unixNs) {
    Map<String, Object> message = message("feed:conflated", nonce, unixNs);
    message.put("skipped", skipped);
    return Json.bytes(message);
  }

  /** Returns the answer to a message that is malformed or rejected. */
  static byte[] error(String reason, String nonce, long unixNs) {
    Map<String, Object> message = message("error", nonce, unixNs);
    message.put("reason", reason);
    return Json.bytes(message);
  }

  /** Returns a text as a JSON string. */
  static String quoted(String text) {
    return Json.MAPPER.valueToTree(text).toString();
  }

  private static Map<String, Object> message(String type, String nonce, long unixNs) {
    Map<String, Object> message = new LinkedHashMap<>();
    message.put("type", type);
    message.put("timestamp", unixNs / NS_OF_MS);
    message.put("nonce", nonce);
    return message;
  }
}
