package simulations.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import simulations.relay.RelaySettings;
import simulations.sse.SseSettings;
import verdict.Check.Outcome;

/** The shares of several generators are together exactly the load of one. */
class ShardTest {
  private static final String LATER = "2999-01-01T00:00:00Z";
  private static final String URL = "http://127.0.0.1:9/v1";

  private final AtomicLong clockNs = new AtomicLong(5_000_000_000L);
  private final Recording recording = Recording.ofStage(clockNs::get);

  @ParameterizedTest
  @CsvSource({"0, 4", "1, 4", "3, 4", "10, 4", "12, 4", "1000, 7", "5, 1"})
  void shares_are_apart_and_together_everything(int all, int count) {
    List<Integer> taken = new ArrayList<>();
    for (int index = 0; index < count; index++) {
      Shard shard = new Shard(index, count);
      IntStream.range(0, shard.of(all)).map(shard::at).forEach(taken::add);
    }
    assertThat(taken).containsExactlyInAnyOrderElementsOf(IntStream.range(0, all).boxed().toList());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"4/4", "5/4", "-1/4", "0/0", "1", "a/b", "1/4/4", "0/1000", "1.0/4", "/4"})
  void what_is_no_share_is_refused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Shard.parse(text))
        .withMessage("'" + text + "' is no share; four generators are 0/4, 1/4, 2/4 and 3/4");
  }

  @Test
  void users_of_all_generators_arrive_by_the_schedule_of_one() {
    LongStream.Builder due = LongStream.builder();
    double perS = 0;
    for (int index = 0; index < 4; index++) {
      Shard shard = new Shard(index, 4);
      Arrivals own =
          new Arrivals(
              recording,
              nowNs -> nowNs,
              () -> true,
              Optional.empty(),
              "",
              "clients",
              new Arrivals.Plan(10, Duration.ofSeconds(1), Duration.ofSeconds(1)),
              shard);
      IntStream.range(0, shard.of(10)).forEach(user -> due.add(own.next()));
      perS += own.offered().get("arrivals_per_s");
    }
    assertThat(due.build().sorted().map(ns -> ns - clockNs.get()))
        .containsExactly(
            LongStream.range(0, 10).map(user -> user * 100_000_000).boxed().toArray(Long[]::new));
    assertThat(perS).isEqualTo(10);
  }

  @Test
  void arrivals_by_rate_are_shared_one_by_one() {
    OpenArrivals.Plan plan =
        new OpenArrivals.Plan(
            OpenArrivals.Pattern.POISSON,
            30,
            1,
            Duration.ofSeconds(1),
            Duration.ofSeconds(2),
            Duration.ofSeconds(60),
            0,
            42);
    List<Long> due = new ArrayList<>();
    for (int index = 0; index < 3; index++) {
      OpenArrivals own =
          new OpenArrivals(recording, nowNs -> nowNs, () -> true, plan, new Shard(index, 3));
      OptionalLong next = own.next();
      for (; next.isPresent(); next = own.next()) {
        due.add(next.getAsLong());
      }
    }
    long firstNs = due.stream().min(Long::compare).orElseThrow() - plan.times()[0];
    assertThat(due)
        .containsExactlyInAnyOrderElementsOf(
            LongStream.of(plan.times()).map(ns -> firstNs + ns).boxed().toList());
  }

  @Test
  void a_share_needs_a_target_that_all_reach_a_common_start_and_a_user_for_each() {
    assertThat(errors("shard", "1/4"))
        .containsExactly(
            "-Dshard: several generators load one target, which none of them starts; start it, and"
                + " name it by -Dservice.url or -Dproxy.url",
            "-Dstart-at: has no value: the moment, after the warm-up, at which all begin to"
                + " measure");
    assertThat(errors("shard", "1/4", "service.url", URL, "start-at", "2020-01-01T00:00:00Z"))
        .containsExactly("-Dstart-at: 2020-01-01T00:00:00Z has passed: this generator is too late");
    assertThat(errors("shard", "1/4", "service.url", URL, "start-at", LATER, "clients", "3"))
        .containsExactly("-Dclients: 3 are fewer than the generators of -Dshard=1/4");
    assertThat(errors("start-at", LATER))
        .containsExactly(
            "-Dstart-at: is for several generators; name the share of this one, -Dshard=0/4");
    assertThat(errors("shard", "9/4", "start-at", "soon"))
        .containsExactly(
            "-Dshard: '9/4' is no share; four generators are 0/4, 1/4, 2/4 and 3/4",
            "-Dstart-at: 'soon' is no moment; write for example 2026-11-28T20:15:00Z");
    SseSettings alone = SseSettings.read(Options.config("sse-battle", "shard", "0/1"));
    assertThat(alone.common().shard().isPart()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"0, 0 ms, PASS", "249, 249 ms, PASS", "300, 300 ms, FAIL"})
  void a_generator_that_begins_late_has_not_started_with_the_others(
      long lateMs, String figure, Outcome outcome) {
    Instant now = Instant.parse(LATER);
    CommonStart start =
        new CommonStart(Optional.of(new Shard.Start(now.plusSeconds(9))), now, clockNs::get);
    assertThat(start.isEarly()).isTrue();
    long atNs = clockNs.addAndGet(9_000_000_000L);
    assertThat(start.begin(atNs - 5)).isEqualTo(atNs);
    start.begin(atNs + lateMs * 1_000_000);
    Checks.Finding found = start.together(Duration.ofMillis(250));
    assertThat(found.figure()).isEqualTo(figure);
    assertThat(found.outcome()).isEqualTo(outcome);
  }

  @Test
  void a_pod_of_an_indexed_job_has_its_index_from_its_environment() {
    Map<String, String> typed =
        Options.properties("shard", "job/4", "service.url", URL, "start-at", LATER);
    Map<String, String> pod = Map.of("JOB_COMPLETION_INDEX", "2");
    assertThat(SseSettings.read(new SuiteConfig("sse-battle", typed, pod)).common().shard())
        .isEqualTo(new Shard(2, 4));
    assertThat(errors("shard", "job/4", "service.url", URL, "start-at", LATER))
        .anyMatch(error -> error.contains("needs the variable JOB_COMPLETION_INDEX"));
  }

  @Test
  void names_of_conversations_are_the_same_at_all_generators() {
    String[] all = {"sse.url", "http://a", "redis.url", "redis://a", "start-at", LATER, "shard"};
    List<String> prefixes = new ArrayList<>();
    for (String shard : List.of("0/4", "3/4")) {
      List<String> options = new ArrayList<>(List.of(all));
      options.add(shard);
      prefixes.add(
          RelaySettings.read(Options.config("token-relay", options.toArray(String[]::new)))
              .sentence());
    }
    assertThat(prefixes.get(0)).isEqualTo(prefixes.get(1));
  }

  @Test
  void a_load_whose_users_depend_on_each_other_takes_one_generator() {
    assertThat(
            Options.errors(
                () ->
                    simulations.auction.ContendSettings.read(
                        Options.config("contended-bids", "shard", "0/2", "start-at", LATER))))
        .containsExactly(
            "-Dshard: ContendedBidsSimulation takes one generator, which has to see the whole"
                + " load");
  }

  private static List<String> errors(String... namesAndValues) {
    return Options.errors(() -> SseSettings.read(Options.config("sse-battle", namesAndValues)));
  }
}
