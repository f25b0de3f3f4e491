package stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Real peers, where they are installed. */
@Timeout(60)
class PeerTest {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(names = {"NGINX", "HAPROXY"})
  void a_proxy_passes_requests_on_and_leaves_no_process(Peer.Kind kind) throws Exception {
    assumeThat(kind.isInstalled()).as(kind.word() + " is installed").isTrue();
    HttpServer upstream = upstream();
    List<ProcessHandle> all = new ArrayList<>();
    try {
      try (Peer peer = Peer.proxy(kind, at(upstream), 10, folder)) {
        assertThat(get(peer.url().resolve("/some/path"))).isEqualTo("/some/path");
        assertThat(peer.version()).containsIgnoringCase(kind.word());
        all.addAll(Processes.family(peer));
        peer.restart();
        assertThat(get(peer.url().resolve("/again"))).isEqualTo("/again");
        all.addAll(Processes.family(peer));
      }
      assertThat(all).noneMatch(ProcessHandle::isAlive);
      assertThat(folder.resolve(kind.word()).resolve(kind.word() + ".conf"))
          .content()
          .contains(at(upstream).getAuthority());
    } finally {
      upstream.stop(0);
    }
  }

  @Test
  void nchan_passes_a_published_message_to_the_viewers_of_its_channel() throws Exception {
    assumeThat(Peer.Kind.NCHAN.isInstalled()).as("nginx and nchan are installed").isTrue();
    CompletableFuture<String> received = new CompletableFuture<>();
    try (Peer nchan = Peer.nchan(10, folder)) {
      URI socket = URI.create(nchan.url().toString().replace("http:", "ws:") + "/ws/items/one");
      WebSocket viewer =
          CLIENT.newWebSocketBuilder().buildAsync(socket, new Viewer(received)).join();
      HttpRequest publish =
          HttpRequest.newBuilder(nchan.url().resolve("/publish/one"))
              .POST(HttpRequest.BodyPublishers.ofString("hello"))
              .build();
      int status = CLIENT.send(publish, HttpResponse.BodyHandlers.discarding()).statusCode();
      assertThat(status / 100).isEqualTo(2);
      assertThat(received.get(10, TimeUnit.SECONDS)).isEqualTo("hello");
      viewer.abort();
    }
  }

  private record Viewer(CompletableFuture<String> received) implements WebSocket.Listener {
    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
      received.complete(text.toString());
      return null;
    }
  }

  private static HttpServer upstream() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          byte[] path = exchange.getRequestURI().getPath().getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, path.length);
          exchange.getResponseBody().write(path);
          exchange.close();
        });
    server.start();
    return server;
  }

  private static URI at(HttpServer server) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  private static String get(URI url) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(url).timeout(Duration.ofSeconds(5)).build();
    return CLIENT.send(request, HttpResponse.BodyHandlers.ofString()).body();
  }
}
