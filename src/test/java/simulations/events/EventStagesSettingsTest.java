package simulations.events;

import static org.assertj.core.api.Assertions.assertThat;
import static simulations.run.Options.config;
import static simulations.run.Options.errors;

import java.time.Duration;
import java.util.stream.Stream;
import kpi.Sampler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import simulations.events.Stop.Kind;
import simulations.run.SuiteConfig;

/** The settings of the simulations of an event server. */
class EventStagesSettingsTest {
  static Stream<Arguments> wrong() {
    String own = "http://127.0.0.1:9000/feed";
    return Stream.of(
        Arguments.of(
            "throughput",
            "http2=true; events.url=" + own + "; link=what = lag; thresholds=gap.p50 < floor",
            "-Dlink: is no fault such as 'what = latency, delay = 20ms', and no file of one:"
                + " faults[0].what 'lag' is unknown; choose of bandwidth, black-hole, clock-step,"
                + " full-disk, half-open, kill, latency, pause, refuse, reset, slice, slow-close,"
                + " stop;"
                + "-Dhttp2: the generator speaks HTTP/2 over TLS only; use an https:// address;"
                + "-Dthresholds: 'gap.p50 < floor': 'floor' is not a number of ms or one of"
                + " interval, many-floor, single-floor, slack"),
        Arguments.of(
            "memory-stability",
            "delay=3s; events.defect=x; events.url=" + own,
            "-Devents.defect: a defect can only be planted in the bundled server;"
                + "-Ddelay: must not be longer than a session, which then has no event"),
        Arguments.of(
            "watcher-scale",
            "steps=100,many",
            "-Dsteps: 'many' is not a whole number from 1 to 50000"),
        Arguments.of(
            "watcher-scale",
            "steps=7,7",
            "-Dsteps: must be different numbers of connections, such as 100,1000"),
        Arguments.of(
            "shutdown",
            "events.url=" + own + "; stages=term,never",
            "-Dstages: 'never' is unknown; choose one of term, twice, ramp, rolling;"
                + "-Devents.stop: must be the command that stops your server, such as 'docker stop"
                + " sse' or 'kill 1234'; without -Devents.url the bundled server is stopped"),
        Arguments.of(
            "shutdown",
            "events.stop=kill 1",
            "-Devents.stop: stops a server of your own: name it by -Devents.url"));
  }

  @ParameterizedTest(name = "{0}: {2}")
  @MethodSource("wrong")
  void every_wrong_value_is_reported_at_once(String section, String options, String sentences) {
    assertThat(String.join(";", errors(() -> read(section, options.split("(?<! )=|; ", -1)))))
        .isEqualTo(sentences);
  }

  private static EventsSettings<?> read(String section, String... options) {
    SuiteConfig config = config(section, options);
    return switch (section) {
      case "throughput" -> EventsSettings.of(ThroughputLoad.Plan.class).apply(config);
      case "backpressure" -> EventsSettings.of(BackpressureLoad.Plan.class).apply(config);
      case "memory-stability" -> EventsSettings.of(MemoryLoad.Plan.class).apply(config);
      case "watcher-scale" -> EventsSettings.of(WatcherLoad.Plan.class).apply(config);
      default -> shutdown(options);
    };
  }

  private static EventsSettings<ShutdownLoad.Plan> shutdown(String... options) {
    return EventsSettings.of(ShutdownLoad.Plan.class).apply(config("shutdown", options));
  }

  @Test
  void a_peer_takes_the_place_of_the_bundled_server_alone() {
    assertThat(errors(() -> read("watcher-scale", "events", "nchan", "http2", "true")))
        .containsExactly(
            "-Devents: a peer takes the bundled server's place: leave -Devents.url,"
                + " -Devents.defect and -Dhttp2 out",
            "-Devents: nchan sends nothing but what is published: it can have"
                + " WatcherScaleSimulation with -Dchurn=0s -Dwarmup=0s");
    assertThat(errors(() -> shutdown("events", "nginx")))
        .containsExactly(
            "-Devents: 'nginx' is no peer of the event server; nchan, node and better-sse are");
  }

  @Test
  void a_soak_takes_days_and_has_as_many_samples_as_a_run_of_two_hours() {
    EventsSettings<?> soak = read("memory-stability", "profile", "soak", "duration", "7d");
    assertThat(soak.longest()).isBetween(Duration.ofDays(7), Duration.ofDays(7).plusMinutes(5));
    assertThat(soak.longest().toSeconds() / Sampler.sampleS(soak.longest()))
        .isBetween(7_000L, 7_200L);
    assertThat(Sampler.sampleS(Duration.ofHours(2))).isOne();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"throughput", "backpressure", "memory-stability", "shutdown", "watcher-scale"})
  void every_description_names_options_that_there_are(String section) {
    assertThat(read(section).sentence()).matches("[^{}]+; a warm-up of \\d+ s is cut\\.");
  }

  @Test
  void the_load_is_described_with_the_values_of_its_options() {
    EventsSettings<?> settings =
        read("watcher-scale", "steps", "7,1000", "rate", "5", "count", "9");
    assertThat(settings.sentence())
        .isEqualTo(
            "7, then 1,000 clients connect, 5 a second; when all are there each gets 9 events, one"
                + " every 100 ms; then clients come and go for 10 s, 100 a second; a warm-up of 4 s"
                + " is cut.");
  }

  @Test
  void a_server_of_the_users_own_is_stopped_once() {
    EventsSettings<ShutdownLoad.Plan> own =
        shutdown("events.url", "http://127.0.0.1:1", "events.stop", "true");
    assertThat(own.plan().played(own.server())).containsExactly(Kind.TERM);
    assertThat(shutdown().plan().stages()).containsExactly(Kind.values());
  }
}
