package simulations.live;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import testing.Browser;
import testing.SimulationRun;
import testing.SimulationRun.Ended;
import testing.SimulationRun.Started;

/** Runs that are watched while they go on, and the live page in a headless Chromium. */
@Timeout(300)
class LiveIT {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final Pattern LINE =
      Pattern.compile("(?m)^ *\\d+ s  \\S+ +[\\d,]+ open +[\\d,]+ events/s");

  @Test
  void console_page_prometheus_and_receiver_show_one_run_with_the_same_figures() throws Exception {
    try (OtlpReceiver receiver = new OtlpReceiver(200)) {
      Started run =
          smoke()
              .with("otlp.endpoint", receiver.url().toString())
              .with("otlp.header", "x-key: secret-value")
              .with("otlp.interval", "1s")
              .start();
      URI page = page(run);
      HttpResponse<Stream<String>> live =
          CLIENT.send(HttpRequest.newBuilder(page.resolve("live")).build(), BodyHandlers.ofLines());
      run.awaitLine(" ramp ");
      HttpRequest scrape = HttpRequest.newBuilder(page.resolve("metrics")).build();
      assertThat(CLIENT.send(scrape, BodyHandlers.ofString()).body())
          .contains(
              "gauntlet_ttft_seconds_count{phase=\"warm-up\",", "gauntlet_process_cpu_cores{");
      List<JsonNode> events = events(live.body().toList());
      Ended ended = run.await();
      String verdict = ended.verdict();

      List<String> lines =
          LINE.matcher(ended.output())
              .results()
              .map(line -> line.group().strip().replaceAll(" +", " "))
              .toList();
      assertThat(events).extracting(event -> words(event.path("moment"))).containsAll(lines);
      assertThat(lines).hasSizeGreaterThan(3);
      JsonNode last = events.get(events.size() - 1);
      assertThat(last.path("ended").asBoolean()).isTrue();
      assertThat(last.at("/verdict/word").asText()).isEqualTo(verdict);
      assertThat(last.at("/phases/MEASURE/events").asLong())
          .isEqualTo(ended.counter("events_received"));
      assertThat(last.at("/phases/MEASURE/kpis/GAP"))
          .isEqualTo(ended.json("kpi.json").at("/kpis/gap"));
      assertThat(receiver.last().get("gauntlet.verdict").getGauge().getDataPointsList())
          .filteredOn(point -> point.getAsDouble() == 1)
          .singleElement()
          .matches(point -> OtlpReceiver.is(point, "verdict", verdict));
      assertThat(ended.json("manifest.json").path("metrics").asText()).endsWith(" were sent.");
      assertThat(receiver.keys()).containsOnly("secret-value");
      assertThat(ended.json("manifest.json").toString()).doesNotContain("secret-value");
    }
  }

  @Test
  void the_page_of_a_killed_generator_says_so_and_shows_the_next_run() throws Exception {
    Started run = smoke().start();
    URI page = page(run);
    try (Browser browser = Browser.at(page)) {
      browser.await(text("profile"), "smoke");
      run.process().destroyForcibly().waitFor();
      browser.await(text("state"), "connection lost, trying again");
      assertThat(browser.evaluate(text("profile"))).isEqualTo("smoke");
      InetAddress loopback = InetAddress.getLoopbackAddress();
      LiveServer next = new LiveServer(new InetSocketAddress(loopback, page.getPort()));
      try {
        next.publish(SampleFigures.of(1, "next", "", false));
        browser.await(text("profile"), "next");
        assertThat(browser.evaluate(text("state"))).isEqualTo("live");
      } finally {
        next.close();
      }
    } finally {
      run.process().destroyForcibly();
    }
  }

  @Test
  void a_port_in_use_is_refused_before_anything_starts() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = String.valueOf(taken.getLocalPort());
      SimulationRun.smoke("SseBattle")
          .with("live", port)
          .run()
          .assertRefused("-Dlive: cannot listen on 127.0.0.1:" + port + " (Address already in use");
    }
  }

  private static SimulationRun smoke() {
    return SimulationRun.smoke("SseBattle").with("live=0;monitor=1s;warmup=2s;hold=5s");
  }

  private static URI page(Started run) throws IOException, InterruptedException {
    return URI.create(run.awaitLine("live page").strip().replaceFirst("live page +", ""));
  }

  /** The figures of all samples. */
  private static List<JsonNode> events(List<String> lines) throws IOException {
    List<JsonNode> events = new ArrayList<>();
    for (int at = 0; at < lines.size(); at++) {
      if (lines.get(at).equals("event: live")) {
        String json = lines.get(at + 1).replaceFirst("data: ", "");
        events.add(new ObjectMapper().readTree(json));
      }
    }
    assertThat(lines).contains("event: end");
    return events;
  }

  /** The line as far as it has the phase, the open streams and the rate of events. */
  private static String words(JsonNode moment) {
    return String.format(
        Locale.ROOT,
        "%.0f s %s %,d open %,.0f events/s",
        moment.path("t").asDouble(),
        moment.path("phase").asText(),
        moment.path("open").asLong(),
        moment.path("events_per_s").asDouble());
  }

  @Test
  void the_page_follows_the_run_and_keeps_its_end_without_a_new_connection() throws Exception {
    LiveServer server = new LiveServer(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    try (Browser browser = Browser.at(URI.create("http://127.0.0.1:" + server.port() + "/"))) {
      browser.await(text("state"), "live");
      assertThat(browser.evaluate(text("word"))).isEqualTo("NONE YET");
      String profile = "<img src=x onerror=alert(1)>";
      server.publish(SampleFigures.of(5, profile, "They came.", false));
      browser.await(text("word"), "PASS");
      assertThat(browser.evaluate(text("when"))).isEqualTo("verdict so far");
      assertThat(browser.evaluate(text("profile"))).isEqualTo(profile);
      assertThat(browser.evaluate(text("left"))).isEqualTo("5 s, load ends in 15 s");
      assertThat(browser.evaluate("document.getElementById('bar').ariaValueNow")).isEqualTo("25");
      assertThat(browser.evaluate("document.querySelector('#heads').innerText"))
          .contains("users\n12", "open\n7", "events\n2,001", "gap p99\n1.98 ms", "failed\n1");
      assertThat(browser.evaluate("document.querySelector('#processes').innerText"))
          .contains("injector\t0.25\t64 MB", "proxy\tno answer");
      server.publish(SampleFigures.of(20, profile, "They never came.", true));
      server.close();
      browser.await(text("state"), "ended");
      assertThat(browser.evaluate(text("word") + " + ' ' + " + text("when")))
          .isEqualTo("FAIL ended");
      assertThat(browser.evaluate("document.title")).startsWith("ended: FAIL, ");
      assertThat(browser.evaluate("document.querySelector('#troubles').innerText"))
          .contains("no_token_lost", "They never came.");
    } finally {
      server.close();
    }
  }

  /** The expression of an element's text. */
  private static String text(String id) {
    return "document.getElementById('" + id + "').textContent";
  }
}
