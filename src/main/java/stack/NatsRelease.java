package stack;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/**
 * A release of nats-server, checked against the SHA-256 sums that are published with it. They
 * detect a broken transfer; protection from tampering is left to TLS.
 *
 * @param base the folder of all releases
 * @param version without the v
 * @param bound of each of the two transfers
 */
record NatsRelease(URI base, String version, Duration bound) {
  /** The release that is fetched. */
  static final NatsRelease OFFICIAL =
      new NatsRelease(
          URI.create("https://github.com/nats-io/nats-server/releases/download/"),
          "2.14.7",
          Duration.ofSeconds(60));

  private static final Duration CONNECT_BOUND = Duration.ofSeconds(5);

  /** Returns its download page. */
  String page() {
    return base.resolve("v" + version + "/").toString();
  }

  /**
   * Puts the program into a folder.
   *
   * @throws StackFailure if there is none for this system, or the transfer fails or is late
   */
  void fetch(Host host, Path folder) throws IOException {
    Platform platform =
        host.platform().orElseThrow(() -> new StackFailure("has none for " + host.described()));
    String name = "nats-server-v" + version + "-" + platform.release() + ".tar.gz";
    Path archive = folder.resolve("archive");
    // No proxy: that of Gatling's JVM leads nowhere, on purpose.
    HttpClient client =
        HttpClient.newBuilder()
            .connectTimeout(CONNECT_BOUND)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .proxy(HttpClient.Builder.NO_PROXY)
            .build();
    String sums = get(client, "SHA256SUMS", HttpResponse.BodyHandlers.ofString());
    get(client, name, HttpResponse.BodyHandlers.ofFile(archive));
    check(name, sums, archive);
    unpack(archive, folder);
    Files.delete(archive);
  }

  private <T> T get(HttpClient client, String name, HttpResponse.BodyHandler<T> to) {
    URI from = URI.create(page() + name);
    CompletableFuture<HttpResponse<T>> transfer =
        client.sendAsync(HttpRequest.newBuilder(from).build(), to);
    try {
      HttpResponse<T> response = transfer.get(bound.toMillis(), TimeUnit.MILLISECONDS);
      if (response.statusCode() != 200) {
        throw new StackFailure(name + ": HTTP status " + response.statusCode());
      }
      return response.body();
    } catch (ExecutionException e) {
      throw new StackFailure(name + ": " + e.getCause(), e);
    } catch (TimeoutException e) {
      throw new StackFailure(name + ": it took longer than " + bound.toSeconds() + " s", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StackFailure("interrupted while fetching " + name, e);
    } finally {
      transfer.cancel(true);
    }
  }

  private static void check(String name, String sums, Path archive) throws IOException {
    String sum;
    try (InputStream content = Files.newInputStream(archive)) {
      sum = ProgramCache.sha256(content);
    }
    // Lines of sha256sum: the sum, blanks, the name.
    boolean listed = sums.lines().anyMatch(line -> line.strip().endsWith(" " + name));
    if (!listed) {
      throw new StackFailure(name + " is not in the release's SHA256SUMS");
    }
    if (sums.lines().noneMatch(line -> line.matches(sum + "\\s+\\*?" + Pattern.quote(name)))) {
      throw new StackFailure(name + " is damaged: its SHA-256 is " + sum + ", not the release's");
    }
  }

  private static void unpack(Path archive, Path folder) throws IOException {
    try (InputStream content = Files.newInputStream(archive)) {
      Archive.unpackGzip(content, folder, name -> name.endsWith("/" + NatsProgram.NAME));
    }
    NatsProgram.take(folder, folder);
  }
}
