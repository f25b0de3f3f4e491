package simulations.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static simulations.run.Answers.assertAnswer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import kpi.Kpi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When users begin, by a clock that the test moves. */
class ArrivalsTest {
  private static final long MS = 1_000_000;
  private static final Pattern ANSWER = Pattern.compile("assertAnswer\\([^;]*?Kpi\\.([A-Z]\\w+)");

  private final AtomicLong clockNs = new AtomicLong(7_000 * MS);
  private final Recording recording = Recording.ofStage(clockNs::get);
  private final AtomicInteger begun = new AtomicInteger();
  private final Arrivals arrivals = arrivals(4);

  @Test
  void users_are_due_evenly_from_the_first_one_on_and_late_by_what_they_start_later() {
    long firstNs = arrivals.next();
    long secondNs = arrivals.next();
    assertThat(firstNs).isEqualTo(7_000 * MS);
    assertThat(secondNs).isEqualTo(7_250 * MS);
    assertThat(begun).hasValue(1);
    arrivals.arrived(firstNs);
    clockNs.set(secondNs + 3 * MS);
    arrivals.arrived(secondNs);
    assertAnswer(recording, Kpi.START_LAG, 0.0, 3.0);
    assertThat(arrivals.achieved()).containsEntry("clients", 2.0);
  }

  @ParameterizedTest
  @CsvSource({"7500, 8000", "8000, 8000", "8300, 8300", "9000, 9000", "9001, 9000"})
  void the_load_is_steady_from_the_end_of_the_ramp_until_users_leave(long atMs, long nearestMs) {
    long unused = arrivals.next();
    assertThat(arrivals.steady(atMs * MS)).isEqualTo(nearestMs * MS);
  }

  @ParameterizedTest
  @CsvSource({"0, 0, 50", "30, 0, 49.8", "0, 20, 25"})
  void the_rate_is_of_all_users_and_not_of_the_last_one(long lastMs, long eachMs, double perS) {
    Arrivals fifty = arrivals(50);
    for (int place = 0; place < 50; place++) {
      long plannedNs = fifty.next();
      clockNs.set(plannedNs + (place * eachMs + (place == 49 ? lastMs : 0)) * MS);
      fifty.arrived(plannedNs);
    }
    assertThat(fifty.achieved().get("arrivals_per_s")).isCloseTo(perS, within(0.1));
  }

  private Arrivals arrivals(int users) {
    return new Arrivals(
        recording,
        nowNs -> {
          begun.incrementAndGet();
          return nowNs;
        },
        () -> true,
        Optional.empty(),
        "",
        "clients",
        new Arrivals.Plan(users, Duration.ofSeconds(1), Duration.ofSeconds(1)),
        Shard.WHOLE);
  }

  /** Gatling cuts a wait to milliseconds. */
  @ParameterizedTest
  @CsvSource({"7000.0, 0", "7000.000001, 1", "7001.0, 1", "7250.4, 251", "6999.9, 0", "0, 0"})
  void a_wait_is_rounded_up_so_that_no_user_acts_before_the_moment(double atMs, long waitMs) {
    assertThat(OpenSchedule.until(Math.round(atMs * MS), clockNs.get())).hasMillis(waitMs);
  }

  /** Those that {@code kpi} measures by itself have theirs in its tests of the same names. */
  @Test
  void every_kpi_has_an_example_with_a_known_answer() throws IOException {
    Set<String> answered =
        new TreeSet<>(
            Set.of("GENERATOR_LAG", "GOOD_SECONDS", "FOREIGN_CPU", "STOLEN_CPU", "FOREIGN_WAIT"));
    try (Stream<Path> files = Files.walk(Path.of("src", "test", "java", "simulations"))) {
      for (Path file : files.filter(each -> each.toString().endsWith("Test.java")).toList()) {
        Matcher answer = ANSWER.matcher(Files.readString(file));
        answer.results().forEach(found -> answered.add(found.group(1)));
      }
    }
    assertThat(Stream.of(Kpi.values()).map(Kpi::name))
        .containsExactlyInAnyOrderElementsOf(answered);
  }
}
