package bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import settings.BadSettings;

class InjectorCostTest {
  private static final List<String> SAMPLES =
      List.of(
          sample(1.0, "ramp", 900, 1.0),
          sample(2.0, "hold", 5_000, 2.0),
          sample(3.0, "hold", 1_000, 2.1),
          "{\"t\":3.2,\"phase\":\"hold\",\"events_per_s\":7,\"processes\":{\"injector\":null}}",
          sample(5.0, "hold", 2_000, 2.5),
          sample(6.0, "drain", 9_000, 9.0));

  @Test
  void the_plateau_is_what_lies_between_the_first_and_the_last_sample_of_hold() throws IOException {
    InjectorCost.Plateau plateau = InjectorCost.plateau(SAMPLES);
    assertThat(plateau.events()).isEqualTo(1_000 * 1 + 2_000 * 2);
    assertThat(plateau.cpuS()).isCloseTo(0.5, within(1e-9));
    assertThat(plateau.usPerEvent().orElseThrow()).isCloseTo(100, within(1e-6));
  }

  @Test
  void a_run_without_hold_has_no_plateau() throws IOException {
    assertThat(InjectorCost.plateau(SAMPLES.subList(0, 2)).usPerEvent()).isEmpty();
    assertThat(InjectorCost.plateau(List.of()).usPerEvent()).isEmpty();
  }

  @Test
  void a_run_folder_gives_both_figures(@TempDir Path run) throws IOException {
    Files.write(run.resolve("samples.ndjson"), SAMPLES);
    Files.writeString(
        run.resolve("kpi.json"), "{\"figures\":{\"injector.cpu_us_per_event\":{\"value\":73.5}}}");
    InjectorCost cost = InjectorCost.of(run);
    assertThat(cost.whole()).isEqualTo(73.5);
    assertThat(cost.plateau().orElseThrow()).isCloseTo(100, within(1e-6));
    assertThat(cost.plateauEvents()).isEqualTo(5_000);
  }

  @Test
  void a_folder_that_is_no_run_is_refused(@TempDir Path folder) throws IOException {
    assertThatThrownBy(() -> InjectorCost.of(folder))
        .isInstanceOf(BadSettings.class)
        .hasMessageContaining("is no finished run");
    Files.write(folder.resolve("samples.ndjson"), SAMPLES);
    Files.writeString(folder.resolve("kpi.json"), "{\"figures\":{}}");
    assertThatThrownBy(() -> InjectorCost.of(folder))
        .isInstanceOf(BadSettings.class)
        .hasMessageContaining("has no figure injector.cpu_us_per_event");
  }

  private static String sample(double t, String phase, int eventsPerS, double cpuS) {
    return ("{\"t\":%s,\"phase\":\"%s\",\"events_per_s\":%d,"
            + "\"processes\":{\"injector\":{\"cpu_s\":%s}}}")
        .formatted(t, phase, eventsPerS, cpuS);
  }
}
