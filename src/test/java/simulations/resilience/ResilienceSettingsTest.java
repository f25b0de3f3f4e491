package simulations.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import faults.FaultPlan.Strike;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import settings.BadSettings;
import simulations.run.Options;

class ResilienceSettingsTest {
  @ParameterizedTest
  @CsvSource({
    "smoke, broadcast, '', broadcast kill 4",
    "quick, postgres, '', postgres stop 20",
    "quick, redis, pause, redis pause 20",
  })
  void a_named_plan_strikes_its_process(String profile, String plan, String fault, String strike) {
    ResilienceSettings settings = read("profile", profile, "plan", plan, "fault", fault);
    assertThat(settings.plan().strikes().stream().map(ResilienceSettingsTest::words))
        .containsExactly(strike);
  }

  @Test
  void all_strikes_every_process_in_each_way_before_the_load_ends() {
    ResilienceSettings settings = read("profile", "all");
    assertThat(settings.plan().strikes().stream().map(Strike::name))
        .hasSize(18)
        .doesNotHaveDuplicates();
    assertThat(settings.sentence()).contains("100 bidders and 100 viewers", "redis pause at ");
  }

  @Test
  void a_plan_may_be_a_file_whose_errors_are_reported_with_the_others(@TempDir Path folder)
      throws IOException {
    Path file = folder.resolve("plan.conf");
    Files.writeString(file, "faults = [{ at = 1s, for = 2s, whom = [bids, redis], what = stop }]");
    assertThat(read("plan", file.toString()).plan().strikes()).hasSize(2);
    Files.writeString(file, "faults = [{ at = 1s, for = 2s, whom = mongo, what = stop }]");
    assertThat(errors("plan", file.toString(), "users", "1"))
        .hasSize(2)
        .anyMatch(error -> error.contains("-Dplan: faults[0].whom 'mongo' is unknown"));
  }

  @ParameterizedTest
  @CsvSource({
    "plan, mongo, -Dplan: cannot be read: 'mongo' is no plan and no file",
    "fault, slow, -Dplan: faults[0].what 'slow' is unknown",
    "run-time, 61s, -Drun-time: the last fault is healed 50 s after all users are there",
  })
  void wrong_options_are_reported(String name, String value, String error) {
    assertThat(errors(name, value)).singleElement().asString().startsWith(error);
  }

  private static String words(Strike strike) {
    return strike.name() + " " + strike.at().toSeconds();
  }

  private static List<String> errors(String... namesAndValues) {
    return catchThrowableOfType(BadSettings.class, () -> read(namesAndValues)).errors();
  }

  private static ResilienceSettings read(String... namesAndValues) {
    return ResilienceSettings.read(Options.config("resilience", namesAndValues));
  }
}
