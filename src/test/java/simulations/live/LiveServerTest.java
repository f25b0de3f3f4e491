package simulations.live;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class LiveServerTest {
  private static final InetSocketAddress ANY =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  @AutoClose private final LiveServer server;

  LiveServerTest() throws IOException {
    server = new LiveServer(ANY);
  }

  @Test
  void prometheus_gets_the_format_that_it_accepts() throws Exception {
    assertThat(get("/metrics", "*/*").body()).isEmpty(); // No sample so far.
    publish(3);
    HttpResponse<String> text = get("/metrics", "text/plain");
    assertThat(text.headers().firstValue("content-type"))
        .contains("text/plain; version=0.0.4; charset=utf-8");
    assertThat(text.body()).contains("\ngauntlet_elapsed_seconds{").doesNotContain("# EOF");
    HttpResponse<String> open = get("/metrics", "application/openmetrics-text;version=1.0.0");
    assertThat(open.headers().firstValue("content-type"))
        .contains("application/openmetrics-text; version=1.0.0; charset=utf-8");
    assertThat(open.body()).endsWith("# EOF\n");
  }

  @Test
  void the_page_needs_no_other_server_and_other_requests_are_refused() throws Exception {
    String page = get("/", "*/*").body();
    assertThat(page).contains("default-src 'none'", "--paper: #ffffff").doesNotContain("https://");
    assertThat(get("/other", "*/*").statusCode()).isEqualTo(404);
    HttpRequest post = request("/", "*/*").POST(HttpRequest.BodyPublishers.ofString("")).build();
    assertThat(CLIENT.send(post, BodyHandlers.ofString()).statusCode()).isEqualTo(405);
  }

  @Test
  void a_watcher_gets_what_was_before_then_each_sample_and_at_last_the_end() throws Exception {
    publish(1);
    publish(2);
    Iterator<String> events = watch();
    assertThat(next(events)).startsWith("past [{\"t\":1.0,").contains("{\"t\":2.0,");
    assertThat(t(next(events))).isEqualTo(2);
    server.publish(SampleFigures.at(3));
    assertThat(t(next(events))).isEqualTo(3);
    server.publish(SampleFigures.of(4, "smoke", "They never came.", true));
    server.close();
    assertThat(next(events)).contains("\"word\":\"FAIL\"", "They never came.", "\"ended\":true");
    assertThat(next(events)).startsWith("end ");
    assertThat(events.hasNext()).isFalse();
  }

  @Test
  void a_watcher_that_does_not_read_delays_no_other_and_gets_no_backlog() throws Exception {
    try (Socket deaf = new Socket()) {
      deaf.setReceiveBufferSize(4_096);
      deaf.connect(new InetSocketAddress(ANY.getAddress(), server.port()));
      deaf.getOutputStream().write("GET /live HTTP/1.1\r\nhost: x\r\n\r\n".getBytes(US_ASCII));
      assertThat(deaf.getInputStream().read()).isEqualTo('H');
      Iterator<String> events = watch();
      next(events);
      LiveFigures figures = SampleFigures.at(1);
      int samples = 4_000;
      for (int sample = 0; sample < samples; sample++) {
        server.publish(figures);
        assertThat(next(events)).startsWith("live ");
      }
      server.close();
      long read = deaf.getInputStream().readAllBytes().length;
      long sent = (long) samples * LiveServer.event("live", figures).readableBytes();
      assertThat(read).as("of %s", sent).isLessThan(sent / 2);
    }
  }

  @Test
  void connections_beyond_the_bound_are_closed() throws Exception {
    List<Socket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < LiveServer.CONNECTIONS_MAX; i++) {
        sockets.add(new Socket(ANY.getAddress(), server.port()));
      }
      Socket beyond = new Socket(ANY.getAddress(), server.port());
      sockets.add(beyond);
      assertThat(beyond.getInputStream().read()).isEqualTo(-1);
    } finally {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }

  @Test
  void a_port_in_use_and_an_unknown_address_are_errors() {
    InetSocketAddress taken = new InetSocketAddress(ANY.getAddress(), server.port());
    assertThatThrownBy(() -> new LiveServer(taken)).hasMessageContaining("in use");
    InetSocketAddress unknown = InetSocketAddress.createUnresolved("no.such.host.invalid", 0);
    assertThatThrownBy(() -> new LiveServer(unknown)).isInstanceOf(IOException.class);
  }

  /** Publishes figures, and waits until they are shown. */
  private void publish(int t) throws Exception {
    server.publish(SampleFigures.at(t));
    String line = "gauntlet_elapsed_seconds{profile=\"smoke\",simulation=\"SseBattleSimulation\"} ";
    while (!get("/metrics", "text/plain").body().contains(line + t)) {
      Thread.onSpinWait(); // Bounded by the test's own time.
    }
  }

  private static double t(String event) throws IOException {
    return new ObjectMapper().readTree(event.replaceFirst("live ", "")).at("/moment/t").asDouble();
  }

  /** The lines of a new watcher's events. */
  private Iterator<String> watch() throws Exception {
    var answer = CLIENT.send(request("/live", "*/*").build(), BodyHandlers.ofInputStream());
    assertThat(answer.headers().firstValue("content-type")).contains("text/event-stream");
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
    return lines.lines().filter(line -> !line.isEmpty()).iterator();
  }

  /** Returns the next event as its name and its data. */
  private static String next(Iterator<String> lines) {
    return lines.next().replace("event: ", "") + " " + lines.next().replace("data: ", "");
  }

  private HttpResponse<String> get(String path, String accept) throws Exception {
    return CLIENT.send(request(path, accept).build(), BodyHandlers.ofString());
  }

  private HttpRequest.Builder request(String path, String accept) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
        .header("accept", accept);
  }
}
