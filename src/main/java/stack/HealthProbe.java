package stack;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Bounded {@code GET} requests to a service. */
public final class HealthProbe {
  private static final Duration BOUND = Duration.ofSeconds(2);
  private static final int SERVER_ERROR = 500;
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().connectTimeout(BOUND).version(HttpClient.Version.HTTP_1_1).build();

  private HealthProbe() {}

  /** Returns whether {@code /health} of a service answers 200; an interrupt is kept. */
  public static boolean isHealthy(URI url) {
    try {
      return get(url.resolve("/health"), BOUND).statusCode() == 200;
    } catch (IOException e) {
      return false; // Callers repeat it in a bounded loop.
    }
  }

  /** Probes a proxy: any answer but a server error comes from behind it. */
  static Probe.Answer ask(URI url, Duration bound) {
    try {
      int status = get(url.resolve("/health"), bound).statusCode();
      return status < SERVER_ERROR
          ? Probe.Answer.READY
          : new Probe.Answer(Probe.Kind.NOT_READY, "status " + status);
    } catch (IOException e) {
      return new Probe.Answer(Probe.Kind.NOTHING_ANSWERS, e.getMessage());
    }
  }

  /**
   * Sends one request.
   *
   * @throws IOException if there is no answer in time, or the thread is interrupted
   */
  static HttpResponse<String> get(URI url, Duration bound) throws IOException {
    try {
      return CLIENT.send(
          HttpRequest.newBuilder(url).timeout(bound).build(), HttpResponse.BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
