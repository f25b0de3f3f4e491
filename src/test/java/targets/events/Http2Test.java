package targets.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import targets.shared.RunningTarget;
import testing.Programs;
import testing.RawClient;

/** The server by HTTP/2. */
class Http2Test {
  private static final String FINITE = "/sse/finite?count=3&delay=0.01";
  private static final String EVENTS =
      "retry: 1000\n\nid: 1\ndata: event-1\n\nid: 2\ndata: event-2\n\nid: 3\ndata: event-3\n\n";

  @AutoClose private RunningTarget server;

  @BeforeEach
  void start() {
    server =
        new RunningTarget(
            EventsServer.SPEC, "tls-port=0", "send-timeout=500ms", "body-timeout=500ms");
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "https"})
  void streams_share_a_connection_after_an_upgrade_or_the_tls_handshake(String scheme)
      throws Exception {
    HttpClient client = HttpClient.newBuilder().sslContext(trustsAll()).build();
    HttpRequest request = HttpRequest.newBuilder(uri(scheme, FINITE)).build();
    assertThat(client.send(request, BodyHandlers.ofString()).body()).isEqualTo(EVENTS);
    List<CompletableFuture<HttpResponse<String>>> answers =
        IntStream.range(0, 20)
            .mapToObj(n -> client.sendAsync(request, BodyHandlers.ofString()))
            .toList();
    for (CompletableFuture<HttpResponse<String>> answer : answers) {
      assertThat(answer.get().version()).isEqualTo(HttpClient.Version.HTTP_2);
      assertThat(answer.get().body()).isEqualTo(EVENTS);
    }
    // One of the client, and that of the request for the metrics.
    assertThat(server.metrics().get("connections").asInt()).isEqualTo(2);
  }

  @Test
  void a_connection_may_begin_with_http_2() throws Exception {
    String url = uri("http", FINITE).toString();
    Process curl =
        new ProcessBuilder(Programs.required("curl"), "-sS", "--http2-prior-knowledge", url)
            .redirectErrorStream(true)
            .start();
    String output = new String(curl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    Assumptions.assumeFalse(output.contains("does not support"), output);
    assertThat(output).isEqualTo(EVENTS);
  }

  @Test
  void a_stream_that_is_not_read_is_reset_and_the_others_of_its_connection_go_on()
      throws Exception {
    HttpClient client = HttpClient.newHttpClient();
    HttpRequest frozen = HttpRequest.newBuilder(uri("http", "/sse?delay=0")).build();
    try (InputStream unread = client.send(frozen, BodyHandlers.ofInputStream()).body()) {
      assertThat(unread.read()).isEqualTo('r');
      HttpRequest read = HttpRequest.newBuilder(uri("http", "/sse/finite?count=100")).build();
      String events = client.send(read, BodyHandlers.ofString()).body();
      assertThat(events).endsWith("data: event-100\n\n");
      server.await("send_timeouts", 1);
      server.await("streams_open", 0);
    }
  }

  @Test
  void a_stream_whose_body_does_not_come_is_refused_and_counted() throws Exception {
    String settings = "\0\0\0\4\0\0\0\0\0";
    String head = "\u0083\u0086\4\12/broadcast"; // POST, http, and a path of ten characters.
    String headers = "\0\0" + (char) head.length() + "\1\4\0\0\0\1"; // More is to come.
    try (RawClient client = new RawClient(server.port())) {
      client.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + settings + headers + head);
      String reset = "\0\0\4\3\0\0\0\0\1";
      assertThat(client.readUntil(reset)).contains("the request's body took too long");
    }
    server.await("connections_closed/slow_body", 1);
  }

  @Test
  void a_stop_ends_the_streams_of_http_2_properly() throws Exception {
    HttpClient client = HttpClient.newHttpClient();
    HttpRequest endless = HttpRequest.newBuilder(uri("http", "/sse?delay=0.01")).build();
    List<InputStream> streams = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      InputStream stream = client.send(endless, BodyHandlers.ofInputStream()).body();
      assertThat(stream.read()).isEqualTo('r');
      streams.add(stream);
    }
    server.close();
    for (InputStream stream : streams) {
      assertThat(new String(stream.readAllBytes(), StandardCharsets.UTF_8))
          .endsWith("event: shutdown\ndata: the server is stopping\n\n");
    }
  }

  private URI uri(String scheme, String path) {
    int port = scheme.equals("http") ? server.port() : server.metrics().get("tls_port").asInt();
    return URI.create(scheme + "://localhost:" + port + path);
  }

  /** The certificate is of no authority; its name is checked all the same. */
  private static SSLContext trustsAll() throws Exception {
    X509TrustManager all =
        new X509TrustManager() {
          @Override
          public void checkClientTrusted(X509Certificate[] chain, String type) {}

          @Override
          public void checkServerTrusted(X509Certificate[] chain, String type) {}

          @Override
          public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
          }
        };
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {all}, new SecureRandom());
    return context;
  }
}
