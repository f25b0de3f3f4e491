package gauntlet;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import targets.shared.Backends;
import testing.Await;
import testing.SimulationRun;

/** The stack on a real Docker engine, which it leaves as it was: {@code mvn verify -Pcompose}. */
@Tag("compose")
@Timeout(900)
class ComposeIT {
  private static final String PROJECT = "gauntlet-it";
  private static final long COMMAND_BOUND_S = 1_200;
  private static final int TRIES = 3;

  /** All that another load on the machine may make INVALID; the death of a target may nothing. */
  private static final List<String> BUSY =
      List.of("start_lag", "generator_lag", "generator_stall", "gc_pause", "machine_quiet");

  private static final Pattern FOLDER = Pattern.compile("report +(\\S+)/report\\.html");

  /** The outcome of a command. */
  private record Ended(int code, String output) {
    Ended ok() {
      assertThat(code).as(output).isZero();
      return this;
    }
  }

  private static Compose compose;
  private static List<String> program = List.of();

  @BeforeAll
  static void up() throws Exception {
    compose = Compose.read();
    program =
        List.of(List.of("docker", "compose"), List.of("docker-compose")).stream()
            .filter(each -> succeeds(each, "version"))
            .findFirst()
            .orElse(List.of());
    Assumptions.assumeFalse(program.isEmpty(), "skipped: no docker compose on the PATH");
    Assumptions.assumeTrue(
        succeeds(List.of("docker"), "info"), "skipped: no Docker engine answers (docker info)");
    try {
      compose("build").ok();
      compose("up", "-d").ok();
      awaitHealthy();
    } catch (Exception | AssertionError e) {
      down();
      throw e;
    }
  }

  @AfterAll
  static void down() throws Exception {
    if (!program.isEmpty()) {
      compose("--profile", "load", "--profile", "monitoring", "down", "-v", "-t", "5").ok();
      assertThat(containers("{{.Names}}")).isEmpty();
    }
  }

  @Test
  void every_service_is_healthy_and_answers_on_its_published_port() throws Exception {
    List<String> running = containers("{{.Label \"com.docker.compose.service\"}}");
    assertThat(running).containsAll(compose.targets().keySet());
    assertThat(running).contains("redis", "nats", "nats-leaf", "postgres");
    for (Served target : compose.targets().values()) {
      assertThat(Backends.unready(at(target.port(), "/"))).isEmpty();
    }
  }

  @Test
  void a_load_from_the_host_passes_and_a_killed_target_fails_it_and_comes_back() throws Exception {
    SimulationRun.Ended kept =
        published().run().assertKept("events_conserved", "streams_at_target", "streams_sound");
    assertThat(kept.checks("FAIL")).as(kept.output()).isEmpty();
    SimulationRun.Ended killed = killedUnderLoad().assertCaught("streams_sound");
    assertThat(killed.checks("INVALID")).as(killed.output()).isSubsetOf(BUSY);
    awaitHealthy();
    assertThat(Backends.unready(at(10080, "/"))).isEmpty();
  }

  private static SimulationRun published() {
    return SimulationRun.smoke("SseBattle")
        .with("proxy.url", "http://127.0.0.1:10080")
        .with("llm.url", "http://127.0.0.1:10081")
        .with("thresholds", "success_rate > 99 %");
  }

  /** All processes but the first one, which reaps: then the container ends. */
  private static SimulationRun.Ended killedUnderLoad() throws Exception {
    SimulationRun.Started run = published().start();
    run.awaitLine(" hold ");
    compose("exec", "-T", "llm", "bash", "-c", "kill -9 -1");
    return run.await();
  }

  @ParameterizedTest
  @ValueSource(strings = {"TokenRelay", "PingPong"})
  void a_run_inside_passes_and_its_folder_is_here(String simulation) throws Exception {
    Ended ended = runInside(simulation);
    for (int attempt = 1; attempt < TRIES && ended.code != 0; attempt++) {
      ended = runInside(simulation);
    }
    // On a busy machine none may be valid; a target that loses anything fails all the same.
    String wanted = ended.code == 0 ? "PASS|WARN" : "INVALID|INCONCLUSIVE";
    assertThat(verdict(ended)).as(ended.output).matches(wanted);
    assertThat(ended.output).doesNotContain("  FAIL ");
    assertThat(Files.getOwner(folder(ended))).isEqualTo(Files.getOwner(Path.of("")));
  }

  private static Ended runInside(String simulation) throws Exception {
    return compose(
        "run",
        "--rm",
        "-T",
        "loadtest",
        "-Dgatling.simulationClass=simulations." + simulation + "Simulation",
        "-Dprofile=smoke",
        "-Dbaselines-dir=target/no-baselines",
        "-Dthresholds=success_rate > 99 %");
  }

  private static Path folder(Ended run) {
    Matcher found = FOLDER.matcher(run.output);
    assertThat(found.find()).as(run.output).isTrue();
    return Path.of(found.group(1));
  }

  private static String verdict(Ended run) throws IOException {
    return new ObjectMapper()
        .readTree(folder(run).resolve("verdict.json").toFile())
        .path("verdict")
        .asText();
  }

  @Test
  void prometheus_scrapes_all_targets_and_a_run_that_goes_on() throws Exception {
    compose("--profile", "monitoring", "up", "-d", "prometheus").ok();
    String load =
        compose("run", "--rm", "-d", "--use-aliases", "loadtest", "-Dprofile=smoke", "-Dhold=5m")
            .ok()
            .output
            .lines()
            .reduce((before, last) -> last)
            .orElseThrow();
    Await.until(() -> page(10090, "/api/v1/query?query=gauntlet_event_rate").contains("SseBattle"));
    run(Map.of(), List.of("docker", "stop", load)).ok();
    Pattern one = Pattern.compile("\"target\":\"([a-z-]+)\"}");
    String query = "/api/v1/query?query=sum%20by(target)(up%7Bjob%3D%22targets%22%7D)%3D%3D1";
    Await.until(
        () ->
            one.matcher(page(10090, query))
                .results()
                .map(found -> found.group(1))
                .toList()
                .containsAll(compose.targets().keySet()));
  }

  @Test
  void a_stop_drains_the_target() throws Exception {
    compose("stop", "events").ok();
    assertThat(compose("logs", "events").ok().output).contains("gauntlet events drained");
    compose("start", "events").ok();
    awaitHealthy();
  }

  @Test
  void a_port_an_image_or_an_engine_that_cannot_be_had_is_an_error_that_names_it(
      @TempDir Path folder) throws Exception {
    String other = PROJECT + "-2";
    String image = "services: { redis: { image: 'registry.invalid/redis:7.4' } }";
    String more = Files.writeString(folder.resolve("image.yml"), image).toString();
    String[] unknown = {"-f", "docker-compose.yml", "-f", more, "-p", other, "up", "-d", "redis"};
    try {
      Ended none = run(Map.of(), command(program, unknown));
      assertThat(none.code).as(none.output).isNotZero();
      assertThat(none.output).contains("registry.invalid");
      Ended second = run(Map.of(), command(program, "-p", other, "up", "-d", "events"));
      assertThat(second.code).as(second.output).isNotZero();
      assertThat(second.output).contains("8085").containsPattern("already (allocated|in use)");
    } finally {
      run(Map.of(), command(program, "-p", other, "down", "-v")).ok();
    }
    Map<String, String> away = Map.of("DOCKER_HOST", "tcp://127.0.0.1:1");
    Ended alone = run(away, command(program, "-p", other, "up", "-d", "events"));
    assertThat(alone.code).isNotZero();
    assertThat(alone.output).containsPattern("(?i)connect");
  }

  /** Waits until no container of the project is anything but healthy. */
  private static void awaitHealthy() {
    int expected = compose.targets().size() + 4;
    Await.until(
        () -> {
          List<String> all = containers("{{.Status}}");
          return all.size() >= expected
              && all.stream().allMatch(each -> each.contains("(healthy)"));
        });
  }

  /** Returns what a format shows of each running container of the project. */
  private static List<String> containers(String format) {
    String label = "label=com.docker.compose.project=" + PROJECT;
    try {
      return run(Map.of(), List.of("docker", "ps", "--filter", label, "--format", format))
          .ok()
          .output
          .lines()
          .toList();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Ended compose(String... arguments) throws IOException, InterruptedException {
    return run(Map.of(), command(command(program, "-p", PROJECT), arguments));
  }

  private static List<String> command(List<String> start, String... arguments) {
    List<String> words = new ArrayList<>(start);
    words.addAll(List.of(arguments));
    return words;
  }

  private static boolean succeeds(List<String> start, String argument) {
    try {
      return run(Map.of(), command(start, argument)).code == 0;
    } catch (IOException e) {
      return false; // There is no such program.
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Ended run(Map<String, String> environment, List<String> command)
      throws IOException, InterruptedException {
    File output = File.createTempFile("compose", ".log");
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(Map.of("DOCKER_BUILDKIT", "1", "MAX_FILES", "20000"));
    builder.environment().putAll(environment);
    Process process = builder.redirectOutput(output).start();
    try {
      boolean inTime = process.waitFor(COMMAND_BOUND_S, TimeUnit.SECONDS);
      String text = Files.readString(output.toPath());
      assertThat(inTime).as("%s did not end: %s", command, text).isTrue();
      return new Ended(process.exitValue(), text);
    } finally {
      process.destroyForcibly();
      Files.delete(output.toPath());
    }
  }

  private static URI at(int port, String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  private static String page(int port, String path) {
    return Backends.text(at(port, path));
  }
}
