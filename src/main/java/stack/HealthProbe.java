package stack;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** One bounded {@code GET /health}; 200 means ready. */
public final class HealthProbe {
  private static final Duration BOUND = Duration.ofSeconds(2);
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().connectTimeout(BOUND).version(HttpClient.Version.HTTP_1_1).build();

  private HealthProbe() {}

  /**
   * Asks once.
   *
   * @param url of the service, without path
   * @return false for any other answer and for none; an interrupt is kept for the caller to see
   */
  public static boolean isHealthy(URI url) {
    HttpRequest probe = HttpRequest.newBuilder(url.resolve("/health")).timeout(BOUND).build();
    try {
      return CLIENT.send(probe, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false; // Not yet: whoever asks does so in a bounded loop.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
