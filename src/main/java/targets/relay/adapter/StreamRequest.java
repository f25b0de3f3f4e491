package targets.relay.adapter;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import targets.relay.message.Names;
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
  private static final String STREAM_PATH = "/stream/";
  private static final String CHAT_PATH = "/chat";
  private static final String HEADER = "last-event-id";
  private static final String PARAMETER = "last_event_id";

  /** Result of reading. */
  sealed interface Read {
    /** A request for a stream. */
    record Good(StreamRequest request) implements Read {}

    /** A wrong request, with the reason in one sentence. */
    record Bad(String reason) implements Read {}

    /** The path takes another method. */
    record WrongMethod(String allowed) implements Read {}

    /** The path is no stream's. */
    record Other() implements Read {}
  }

  static Read read(FullHttpRequest request, QueryStringDecoder query) {
    boolean stream = query.path().startsWith(STREAM_PATH);
    if (!stream && !query.path().equals(CHAT_PATH)) {
      return new Read.Other();
    }
    HttpMethod allowed = stream ? HttpMethod.GET : HttpMethod.POST;
    if (!request.method().equals(allowed)) {
      return new Read.WrongMethod(allowed.name());
    }
    String header = request.headers().get(HEADER);
    List<String> parameter = query.parameters().getOrDefault(PARAMETER, List.of(""));
    String after = (header == null ? parameter.get(0) : header).strip();
    if (!after.matches("\\d{0,18}")) {
      return new Read.Bad("Last-Event-ID must be the whole number of a token's id");
    }
    OptionalLong last =
        after.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(after));
    return stream
        ? checked(query.path().substring(STREAM_PATH.length()), Optional.empty(), last)
        : chat(request, last);
  }

  private static Read chat(FullHttpRequest request, OptionalLong last) {
    JsonNode body;
    try {
      body = Json.MAPPER.readTree(request.content().toString(StandardCharsets.UTF_8));
    } catch (JsonProcessingException e) {
      return new Read.Bad("the body must be JSON such as {\"message\":\"Hello\"}");
    }
    if (!body.path("message").isTextual()) {
      return new Read.Bad("'message' must be a text, as in {\"message\":\"Hello\"}");
    }
    JsonNode id = body.path("conversation_id");
    if (!id.isMissingNode() && !id.isTextual()) {
      return new Read.Bad("'conversation_id' must be a text or be left out");
    }
    return checked(
        id.isTextual() ? id.asText() : UUID.randomUUID().toString(),
        Optional.of(body.get("message").asText()),
        last);
  }

  private static Read checked(String id, Optional<String> prompt, OptionalLong last) {
    boolean fromNow = prompt.isPresent() && last.isEmpty();
    return Names.refusal(id)
        .<Read>map(Read.Bad::new)
        .orElseGet(() -> new Read.Good(new StreamRequest(id, prompt, last, fromNow)));
  }
}
