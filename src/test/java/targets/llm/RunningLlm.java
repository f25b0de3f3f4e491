package targets.llm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import targets.shared.RunningTarget;
import targets.shared.TargetSpec;
import testing.RawClient;

/** A server on a free port and the requests that tests make of it. */
public final class RunningLlm extends RunningTarget {
  /** The smallest body of a streamed request. */
  public static final String STREAM = "{\"stream\":true,\"messages\":[{\"role\":\"user\"}]}";

  /** The smallest body of a request that is not streamed. */
  public static final String WHOLE =
      "{\"messages\":[{\"role\":\"user\",\"content\":\"two words\"}]}";

  static final String CHAT = "/v1/chat/completions";

  /** A server of this specification, with settings {@code name=value}. */
  public RunningLlm(TargetSpec spec, String... settings) {
    super(
        spec,
        Stream.concat(Stream.of("duration=20ms"), Stream.of(settings)).toArray(String[]::new));
  }

  static RunningLlm with(String... settings) {
    return new RunningLlm(LlmServer.SPEC, settings);
  }

  public HttpResponse<String> chat(String query, String body) {
    return post(CHAT + query, body);
  }

  /** Returns a chat request of HTTP/1.1 as it is sent. */
  static String raw(String query, String body) {
    String head = "POST %s%s HTTP/1.1\r\nhost: x\r\ncontent-length: %d\r\n\r\n";
    return head.formatted(CHAT, query, body.length()) + body;
  }

  /** Returns the data of each event. */
  public static List<String> data(String body) {
    assertThat(body).endsWith("\n\n");
    return Arrays.stream(body.split("\n\n", 0))
        .map(
            event -> {
              assertThat(event).startsWith("data: ").doesNotContain("\n");
              return event.substring("data: ".length());
            })
        .toList();
  }

  /** Returns the contents of the events that have one. */
  public static List<String> words(String body) {
    return data(body).stream()
        .filter(data -> data.startsWith("{"))
        .map(json -> json(json).at("/choices/0/delta/content"))
        .filter(JsonNode::isTextual)
        .map(JsonNode::asText)
        .collect(Collectors.toCollection(ArrayList::new));
  }

  /** Connects until that is refused; the test's time-out bounds it. */
  void awaitEndOfListening() {
    while (true) {
      try {
        new RawClient(port()).close();
      } catch (IOException e) {
        return;
      }
    }
  }
}
