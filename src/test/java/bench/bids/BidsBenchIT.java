package bench.bids;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import bench.Programs;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import stack.StackFailure;

/** Real servers and clients, with tiny numbers: what was decided or not, never how fast. */
@Timeout(120)
class BidsBenchIT {
  private static final Programs INSTALLED = Programs.on("/usr/bin:/bin");

  private final StringWriter printed = new StringWriter();

  @Test
  void every_bid_is_decided_by_either_strategy(@TempDir Path folder) {
    assumeTrue(
        INSTALLED.find("wrk").isPresent() && INSTALLED.find("redis-benchmark").isPresent(),
        "wrk and redis-benchmark are not installed");
    Set<Long> before = children();
    BidsResult result = bench(INSTALLED).run(folder);

    assertThat(result.floor().acceptedPerS()).isPositive();
    assertThat(result.floor().rejectedPerS()).isPositive();
    assertThat(result.steps()).extracting(Step::strategy).containsExactly("lua", "optimistic");
    assertThat(result.steps())
        .as(printed.toString())
        .allSatisfy(
            step -> {
              assertThat(step.told().broken()).isZero();
              assertThat(step.accepted()).isPositive();
              assertThat(step.acceptedShare()).isLessThan(1);
            });
    // The other strategy may give a bid up.
    assertThat(result.steps().get(0).isWhole()).as(printed.toString()).isTrue();
    assertThat(String.join("\n", result.text())).contains("redis-benchmark, the same script");
    assertThat(result.asMap()).containsKeys("steps", "floor_accepted_per_s", "machine");
    assertThat(children()).isEqualTo(before);
  }

  @Test
  void a_missing_client_is_told_with_what_to_do(@TempDir Path empty) {
    assertThatThrownBy(() -> bench(new Programs(List.of(empty))))
        .isInstanceOf(StackFailure.class)
        .hasMessageContaining("redis-benchmark")
        .hasMessageContaining("redis-tools");
  }

  private BidsBench bench(Programs programs) {
    BidsSettings settings =
        BidsSettings.read(Map.of("users", "8", "duration", "1s", "warmup", "1s"));
    return new BidsBench(settings, programs, System::nanoTime, new PrintWriter(printed, true));
  }

  private static Set<Long> children() {
    return ProcessHandle.current().children().map(ProcessHandle::pid).collect(Collectors.toSet());
  }
}
