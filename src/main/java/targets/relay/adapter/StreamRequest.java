package targets.relay.adapter;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import targets.relay.message.Channels;
import targets.shared.Json;

/**
 * A request for a stream.
 *
 * @param id the conversation
 * @param prompt the user's message, for {@code POST /chat}
 * @param lastEventId sequence of the last token that the client has
 * @param isFromNow whether stored tokens are left out
 */
public record StreamRequest(
    String id, Optional<String> prompt, OptionalLong lastEventId, boolean isFromNow) {
  static final String STREAM_PATH = "/stream/";
  static final String CHAT_PATH = "/chat";

  /** Reads a request for one of the two paths; throws with the reason, in one sentence. */
  static StreamRequest read(FullHttpRequest request, QueryStringDecoder query) {
    List<String> parameter = query.parameters().getOrDefault("last_event_id", List.of(""));
    String after = request.headers().get("last-event-id", parameter.get(0)).strip();
    if (!after.matches("\\d{0,18}")) {
      throw new IllegalArgumentException("Last-Event-ID must be the whole number of a token's id");
    }
    OptionalLong last =
        after.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(after));
    return query.path().equals(CHAT_PATH)
        ? chat(request, last)
        : checked(query.path().substring(STREAM_PATH.length()), Optional.empty(), last);
  }

  private static StreamRequest chat(FullHttpRequest request, OptionalLong last) {
    JsonNode body;
    try {
      body = Json.MAPPER.readTree(request.content().toString(StandardCharsets.UTF_8));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("the body must be JSON such as {\"message\":\"Hello\"}");
    }
    if (!body.path("message").isTextual()) {
      throw new IllegalArgumentException("'message' must be a text, as in {\"message\":\"Hello\"}");
    }
    JsonNode id = body.path("conversation_id");
    if (!id.isMissingNode() && !id.isTextual()) {
      throw new IllegalArgumentException("'conversation_id' must be a text or be left out");
    }
    return checked(
        id.isTextual() ? id.asText() : UUID.randomUUID().toString(),
        Optional.of(body.get("message").asText()),
        last);
  }

  private static StreamRequest checked(String id, Optional<String> prompt, OptionalLong last) {
    Channels.refusal(id)
        .ifPresent(
            reason -> {
              throw new IllegalArgumentException(reason);
            });
    return new StreamRequest(id, prompt, last, prompt.isPresent() && last.isEmpty());
  }
}
