package bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import kpi.Machine;
import stack.StackFailure;

/**
 * {@code bench client}: what receiving costs when nothing but receiving is done, in a process of
 * its own, through Gauntlet's proxy.
 */
public final class ClientBench {
  /** What the receiver's process may take beyond its rounds: start, late streams, end. */
  private static final Duration SPARE = Duration.ofSeconds(60);

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final BenchSettings settings;
  private final Optional<InjectorCost> injector;
  private final PrintWriter out;

  /**
   * @param compare a finished run of the SSE battle, to compare its injector with
   * @param out takes what happens meanwhile
   * @throws settings.BadSettings if the folder holds no such run
   */
  public ClientBench(BenchSettings settings, Optional<Path> compare, PrintWriter out) {
    this.settings = settings;
    this.injector = compare.map(InjectorCost::of);
    this.out = out;
  }

  /**
   * Runs all rounds.
   *
   * @param folder takes logs
   * @throws StackFailure if a process cannot be had
   */
  public ClientResult run(Path folder) {
    String loadBefore = Machine.load();
    try (Stage stage = new Stage(settings.readyWithin(), folder)) {
      Intermediaries servers = new Intermediaries(settings, stage);
      URI llm = servers.llm().url();
      Lane proxy = servers.gauntlet(Lane.GAUNTLET, llm, settings.jvmOptions());
      out.println("receiving: " + settings.load().sentence());
      out.flush();
      List<Leg> legs = receive(stage, proxy.url());
      return new ClientResult(settings, legs, injector, loadBefore, Machine.load());
    }
  }

  private List<Leg> receive(Stage stage, URI url) {
    Path lines = stage.folder().resolve("receiver.ndjson");
    Path log = stage.folder().resolve("receiver.log");
    try {
      Process receiver =
          new ProcessBuilder(command(url))
              .redirectOutput(lines.toFile())
              .redirectError(log.toFile())
              .start();
      stage.own(receiver::destroyForcibly);
      Duration bound =
          settings.load().length().multipliedBy(2L * (settings.rounds() + 1)).plus(SPARE);
      if (!receiver.waitFor(bound.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new StackFailure("the receiver did not end within " + bound.toSeconds() + " s");
      }
      if (receiver.exitValue() != 0) {
        throw new StackFailure("the receiver failed:\n" + Files.readString(log).strip());
      }
      return legs(Files.readAllLines(lines));
    } catch (IOException e) {
      throw new StackFailure("cannot run the receiver: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StackFailure("interrupted while the receiver was running", e);
    }
  }

  private List<String> command(URI url) {
    StreamLoad load = settings.load();
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(settings.jvmOptions());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), "gauntlet.Main"));
    command.addAll(List.of("bench", "receive", "--url", url.toString()));
    command.addAll(List.of("--streams", Integer.toString(load.streams())));
    command.addAll(List.of("--tokens", Integer.toString(load.tokens())));
    command.addAll(List.of("--duration", load.duration().toMillis() + "ms"));
    command.addAll(List.of("--first-token", load.firstToken().toMillis() + "ms"));
    command.addAll(List.of("--rampup", load.rampup().toMillis() + "ms"));
    command.addAll(List.of("--rounds", Integer.toString(settings.rounds())));
    return command;
  }

  /** What the receiver's process wrote. */
  static List<Leg> legs(List<String> lines) throws IOException {
    List<Leg> legs = new ArrayList<>();
    for (String line : lines) {
      JsonNode leg = MAPPER.readTree(line);
      legs.add(
          new Leg(
              leg.path("lane").asText(),
              leg.path("round").asInt(),
              new Received(
                  leg.path("expected").asLong(),
                  leg.path("events").asLong(),
                  leg.path("whole_streams").asInt(),
                  spread(leg, "ttft"),
                  spread(leg, "lateness"),
                  leg.path("plateau_events").asLong(),
                  leg.path("plateau_s").asDouble()),
              leg.has("plateau_cpu_s")
                  ? OptionalDouble.of(leg.path("plateau_cpu_s").asDouble())
                  : OptionalDouble.empty(),
              OptionalLong.of(leg.path("rss_bytes").asLong())));
    }
    return legs;
  }

  private static Received.Spread spread(JsonNode leg, String name) {
    return new Received.Spread(
        leg.path(name + "_p50_us").asDouble(), leg.path(name + "_p99_us").asDouble());
  }
}
