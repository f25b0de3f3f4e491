package stack;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/**
 * Whether a leaf node is connected to its hub, as its monitoring says.
 *
 * @param monitorUrl of the leaf node
 */
record LeafProbe(URI monitorUrl) implements Probe {
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @Override
  public Answer ask(Duration bound) {
    HttpRequest request =
        HttpRequest.newBuilder(monitorUrl.resolve("/leafz")).timeout(bound).build();
    try {
      String body = CLIENT.send(request, HttpResponse.BodyHandlers.ofString()).body();
      return new ObjectMapper().readTree(body).path("leafnodes").asInt() > 0
          ? Answer.READY
          : new Answer(Kind.NOT_READY, "it is not connected to its hub");
    } catch (IOException e) {
      return new Answer(Kind.NOTHING_ANSWERS, e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Answer(Kind.NOT_READY, "interrupted");
    }
  }
}
