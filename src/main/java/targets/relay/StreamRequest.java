package targets.relay;

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
import targets.shared.Json;

/**
 * What a client asks for.
 *
 * @param id the conversation
 * @param prompt what the user said, for {@code POST /chat}
 * @param lastEventId the last token that the client has
 */
record StreamRequest(String id, Optional<String> prompt, OptionalLong lastEventId) {
  static final String STREAM_PATH = "/stream/";
  static final String CHAT_PATH = "/chat";

  private static final String HEADER = "last-event-id";
  private static final String PARAMETER = "last_event_id";

  /** What reading gives. */
  sealed interface Read {
    /** A request for a stream. */
    record Good(StreamRequest request) implements Read {}

    /** A sentence on what is wrong. */
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
    HttpMethod wanted = stream ? HttpMethod.GET : HttpMethod.POST;
    if (!request.method().equals(wanted)) {
      return new Read.WrongMethod(wanted.name());
    }
    String after = lastEventId(request, query);
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
    Optional<String> refusal = Names.refusal(id);
    return refusal.isPresent()
        ? new Read.Bad(refusal.get())
        : new Read.Good(new StreamRequest(id, prompt, last));
  }

  private static String lastEventId(FullHttpRequest request, QueryStringDecoder query) {
    String header = request.headers().get(HEADER);
    List<String> parameter = query.parameters().getOrDefault(PARAMETER, List.of(""));
    return (header == null ? parameter.get(0) : header).strip();
  }
}
