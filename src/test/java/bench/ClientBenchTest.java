package bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import kpi.Median;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import targets.llm.LlmServer;
import targets.shared.Target;

@Timeout(60)
class ClientBenchTest {
  private final BenchSettings settings =
      BenchSettings.read(
          Map.of(
              "streams",
              "10",
              "tokens",
              "20",
              "duration",
              "1500ms",
              "rampup",
              "100ms",
              "rounds",
              "2"));

  @Test
  void the_receiver_tells_each_measured_round_in_a_line_that_is_read_back() throws IOException {
    List<Leg> legs = receive();
    assertThat(legs).extracting(Leg::round).containsExactly(1, 2);
    assertThat(legs).allMatch(leg -> leg.received().lost() == 0);
    assertThat(legs).allMatch(leg -> leg.received().plateauEvents() > 0);
    assertThat(legs).allMatch(leg -> leg.received().whole() == 10);
  }

  @Test
  void the_injector_is_compared_plateau_with_plateau() throws IOException {
    InjectorCost cost = new InjectorCost(Path.of("a", "run"), 90, OptionalDouble.of(60), 1_234);
    ClientResult result =
        new ClientResult(settings, receive(), Optional.of(cost), "0 0 0", "0 0 0");
    double bare =
        Median.of(result.legs().stream().mapToDouble(leg -> leg.cpuUsPerEvent().orElseThrow()))
            .orElseThrow();
    if (bare > 0) {
      assertThat(result.ratio(cost.plateau()).orElseThrow()).isCloseTo(60 / bare, within(1e-9));
    }
    assertThat(String.join("\n", result.text()))
        .contains("bare receiver, plateau")
        .contains("Gatling injector, plateau")
        .contains("'whole run' its measured phase with ramp and drain");
  }

  private List<Leg> receive() throws IOException {
    StringWriter lines = new StringWriter();
    try (Target llm = LlmServer.SPEC.start(Map.of("port", "0"))) {
      ReceiveJob.run(
          settings,
          URI.create("http://127.0.0.1:" + llm.port()),
          System::nanoTime,
          new PrintWriter(lines, true));
    }
    return ClientBench.legs(lines.toString().lines().toList());
  }
}
