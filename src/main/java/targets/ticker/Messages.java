package targets.ticker;

import com.fasterxml.jackson.databind.util.RawValue;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import targets.shared.Json;

/** What the ticker says to one client, as UTF-8 JSON. Times are in milliseconds since 1970. */
final class Messages {
  private static final long NS_OF_MS = 1_000_000;
  private static final List<String> FEATURES = List.of("ping", "subscribe", "conflation");

  private Messages() {}

  /** The first message of a connection. */
  static byte[] established(String client, String nonce, long unixNs) {
    Map<String, Object> message = message("connection:established", nonce, unixNs);
    message.put("clientId", client);
    message.put("rolloutPercentage", 100);
    message.put("features", FEATURES);
    return Json.bytes(message);
  }

  /**
   * The answer to a ping.
   *
   * @param timestamp the client's, as it wrote it
   * @param latencyMs how long the ping took to come; null if the clocks do not tell
   */
  static byte[] pong(String timestamp, Double latencyMs, String nonce, long unixNs) {
    Map<String, Object> message = message("pong", nonce, unixNs);
    message.put("originalTimestamp", new RawValue(timestamp));
    message.put("latency", latencyMs);
    message.put("serverTime", unixNs);
    return Json.bytes(message);
  }

  /** Now and then. */
  static byte[] heartbeat(long clients, long idleMs, String nonce, long unixNs) {
    Map<String, Object> message = message("heartbeat", nonce, unixNs);
    message.put("connectedClients", clients);
    message.put("idleTime", idleMs);
    return Json.bytes(message);
  }

  /** The answer to subscribe and unsubscribe: what the client gets from now on. */
  static byte[] subscribed(Iterable<String> tokens, String nonce, long unixNs) {
    Map<String, Object> message = message("subscription:ack", nonce, unixNs);
    message.put("tokens", tokens);
    return Json.bytes(message);
  }

  /** So many of these feeds were left out for a slow client, because newer ones came. */
  static byte[] conflated(Map<String, Integer> skipped, String nonce, long unixNs) {
    Map<String, Object> message = message("feed:conflated", nonce, unixNs);
    message.put("skipped", skipped);
    return Json.bytes(message);
  }

  /** A message was not understood, or not taken. */
  static byte[] error(String reason, String nonce, long unixNs) {
    Map<String, Object> message = message("error", nonce, unixNs);
    message.put("reason", reason);
    return Json.bytes(message);
  }

  /** A text as JSON writes it. */
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
