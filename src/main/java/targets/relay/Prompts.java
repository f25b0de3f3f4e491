package targets.relay;

import java.util.LinkedHashMap;
import java.util.Map;
import targets.shared.Json;
import targets.shared.NatsLink;

/** What users said, on its way to whoever answers. */
final class Prompts {
  private Prompts() {}

  /**
   * Publishes what a user said on {@code chat.<id>.messages}. The original's text does not say
   * where its prompts go; this is where an answering producer can listen.
   */
  static void publish(NatsLink nats, String id, String message, long unixNs) {
    Map<String, Object> prompt = new LinkedHashMap<>();
    prompt.put("conversation_id", id);
    prompt.put("message", message);
    prompt.put("timestamp", unixNs);
    byte[] json = Json.bytes(prompt);
    nats.connection()
        .filter(connection -> json.length <= connection.getMaxPayload())
        .ifPresent(connection -> connection.publish(Names.promptSubject(id), json));
  }
}
