package simulations.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import stack.TargetProcess;

class LiveHeapsTest {
  private static final Duration BOUND = Duration.ofMinutes(1);

  @TempDir private Path folder;

  @Test
  void a_leak_is_growth_and_an_honest_target_has_none() {
    try (TargetProcess honest = launch("honest");
        TargetProcess leaky = launch("leaky", "--defect", "leak=10MB/s")) {
      honest.awaitReady();
      leaky.awaitReady();
      LiveHeaps heaps = new LiveHeaps(List.of(honest, leaky));
      heaps.readBefore().join();
      assertThat(heaps.growth("leaky")).isEmpty();
      assertThat(Audit.until(BOUND, () -> grew(heaps))).isTrue();
      assertThat(heaps.growth("honest").orElseThrow()).isBetween(-2.0, 2.0);
    }
  }

  private static boolean grew(LiveHeaps heaps) {
    heaps.readAfter();
    return heaps.growth("leaky").orElse(0) > 10;
  }

  private TargetProcess launch(String process, String... options) {
    return TargetProcess.launch(
        new TargetProcess.Spec(
            "llm",
            process,
            TargetProcess.jvmOptions("128m"),
            List.of(options),
            folder.resolve(process + ".log"),
            BOUND));
  }
}
