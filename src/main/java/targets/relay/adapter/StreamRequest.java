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

  sealed interface Read {}

  record Good(StreamRequest request) implements Read {}

  /** A wrong request, with the reason in one sentence. */
  record Bad(String reason) implements Read {}

  /** Reads a request for one of the two paths. */
  static Read read(FullHttpRequest request, QueryStringDecoder query) {
    List<String> parameter = query.parameters().getOrDefault("last_event_id", List.of(""));
    String after = request.headers().get("last-event-id", parameter.get(0)).strip();
    if (!after.matches("\\d{0,18}")) {
      return new Bad("Last-Event-ID must be the whole number of a token's id");
    }
    OptionalLong last =
        after.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(after));
    return query.path().equals(CHAT_PATH)
        ? chat(request, last)
        : checked(query.path().substring(STREAM_PATH.length()), Optional.empty(), last);
  }

  private static Read chat(FullHttpRequest request, OptionalLong last) {
    JsonNode body;
    try {
      body = Json.MAPPER.readTree(request.content().toString(StandardCharsets.UTF_8));
    } catch (JsonProcessingException e) {
      return new Bad("the body must be JSON such as {\"message\":\"Hello\"}");
    }
    if (!body.path("message").isTextual()) {
      return new Bad("'message' must be a text, as in {\"message\":\"Hello\"}");
    }
    JsonNode id = body.path("conversation_id");
    if (!id.isMissingNode() && !id.isTextual()) {
      return new Bad("'conversation_id' must be a text or be left out");
    }
    return checked(
        id.isTextual() ? id.asText() : UUID.randomUUID().toString(),
        Optional.of(body.get("message").asText()),
        last);
  }

  private static Read checked(String id, Optional<String> prompt, OptionalLong last) {
    boolean fromNow = prompt.isPresent() && last.isEmpty();
    return Channels.refusal(id)
        .<Read>map(Bad::new)
        .orElseGet(() -> new Good(new StreamRequest(id, prompt, last, fromNow)));
  }
}
