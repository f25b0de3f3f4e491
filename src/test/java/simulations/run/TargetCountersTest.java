package simulations.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import kpi.SharedCounters;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import stack.StackFailure;
import testing.ScriptedServer;
import verdict.Check;

/** A target whose answers the test decides, request by request. */
class TargetCountersTest {
  private static final String LATE = "late";
  private static final String BROKEN = "[";
  private static final Duration BOUND = Duration.ofSeconds(20);

  private final RunProcesses processes =
      new RunProcesses(
          Path::of, new RunProcesses.Bundled("64m", BOUND), Set.of(), 1, System::nanoTime);
  private volatile IntFunction<String> answer;
  private int requests;

  @AutoClose
  private final ScriptedServer server =
      new ScriptedServer(
          (head, wire) -> {
            String body = answer.apply(++requests);
            if (body.equals(LATE)) {
              Thread.sleep(1_200);
            }
            wire.sendWhole(body);
          });

  @Test
  void a_target_that_answers_late_once_at_the_start_stays_in_the_run() {
    answer = request -> request == 1 ? LATE : counting(request);
    TargetCounters counters = processes.counters("llm", url());
    TargetCounters.settle(BOUND, List.of(counters), () -> true);

    assertThat(counters.delta("/sent")).isEqualTo(1);
    assertThat(counters.unreadable("/sent")).isEmpty();
    assertThat(processes.sources()).hasSize(2);
  }

  @Test
  void counters_that_are_unreadable_after_the_load_prove_nothing() {
    answer = request -> request == 1 ? counting(request) : BROKEN;
    TargetCounters counters = processes.counters("bridge", url());
    TargetCounters.settle(Duration.ZERO, List.of(counters), () -> true);

    assertThat(counters.unreadable("/sent"))
        .contains("The counters of bridge could not be read after the load.");
  }

  @Test
  void counters_that_are_unreadable_before_the_load_prove_nothing_either() {
    answer = request -> BROKEN;
    TargetCounters counters = processes.counters("llm", url());
    answer = TargetCountersTest::counting;
    TargetCounters.settle(BOUND, List.of(counters), () -> true);

    assertThat(counters.isAnnounced()).isTrue();
    assertThat(counters.unreadable("/sent"))
        .contains("The counters of llm could not be read before the load.");
  }

  @Test
  void a_target_that_was_started_anew_has_lost_counts() {
    String block = "{\"process\":{\"uptime_s\":%d},\"sent\":7}";
    answer = request -> block.formatted(request == 1 ? 90 : 91 - request);
    TargetCounters counters = processes.counters("llm", url());
    TargetCounters.settle(BOUND, List.of(counters), () -> true);
    assertThat(counters.restarted()).as("a rounded uptime").isEmpty();
    answer = request -> block.formatted(60);
    TargetCounters.settle(BOUND, List.of(counters), () -> true);

    assertThat(counters.restarted())
        .contains("llm was started anew during the load; what it had counted is lost.");
    Checks checks = new Checks(Map.of(), false);
    checks
        .of("events_conserved")
        .whole(List.of(counters))
        .judge(() -> Checks.Finding.of(false, "7 / 0", "equal", "", "They differ."));
    assertThat(checks.made())
        .singleElement()
        .matches(check -> check.reason().startsWith("llm was started anew"))
        .extracting(Check::outcome)
        .isEqualTo(Check.Outcome.INCONCLUSIVE);
  }

  @Test
  void a_share_of_a_load_leaves_to_the_merged_run_only_what_it_could_read() {
    processes.sharesTargets();
    answer = request -> counting(request).replace("{}", "{\"uptime_s\":" + 9 / request + "}");
    TargetCounters llm = processes.counters("llm", url());
    TargetCounters.settle(BOUND, List.of(llm), () -> true);
    SharedCounters own = new SharedCounters(1, 1, Map.of("llm", llm.reading("/sent")), Map.of());
    Checks checks = new Checks(Map.of(), false);
    Checks.Judgement judgement = () -> Checks.Finding.of(true, "1", "1", "Equal.", "");
    checks.of("read").reads(llm, "/sent").overAll(() -> own).judge(judgement);
    checks.of("unreadable").reads(llm, "/none").overAll(() -> own).judge(judgement);
    checks.of("restarted").reads(llm, "/sent").whole(List.of(llm)).judge(judgement);

    assertThat(checks.made())
        .extracting(Check::outcome)
        .containsExactly(
            Check.Outcome.NOT_EVALUATED, Check.Outcome.INCONCLUSIVE, Check.Outcome.INCONCLUSIVE);
    assertThat(checks.shared()).containsOnlyKeys("read");
  }

  @Test
  void settling_reads_again_until_nothing_is_under_way() {
    answer = request -> request == 3 ? BROKEN : counting(request);
    TargetCounters counters = processes.counters("llm", url());
    TargetCounters.settle(BOUND, List.of(counters), () -> counters.value("/sent") >= 3);

    assertThat(counters.value("/sent")).isEqualTo(4);
  }

  @Test
  void a_foreign_service_without_counters_announces_none() {
    answer = request -> "{\"uptime\":1}";

    assertThat(processes.probe("proxy", url()).isAnnounced()).isFalse();
    assertThat(processes.sources()).hasSize(1);
    assertThat(processes.underLoad()).as("but it is under load").containsExactly("proxy");
    answer = TargetCountersTest::counting;
    assertThat(processes.probe("proxy", url()).isAnnounced()).isTrue();
    assertThat(processes.sources()).hasSize(2);
  }

  @Test
  void an_address_without_a_listener_is_named_and_its_password_is_not() {
    // A free port may be taken by a test beside this one; nothing has the first.
    URI closed = URI.create("http://user:geheim@127.0.0.1:1");

    assertThatThrownBy(() -> Access.reach("-Dproxy.url", closed))
        .isInstanceOf(StackFailure.class)
        .hasMessageStartingWith("-Dproxy.url: nothing answers at http://***@127.0.0.1");
  }

  private static String counting(int request) {
    return "{\"process\":{},\"sent\":" + request + "}";
  }

  private URI url() {
    return URI.create(server.url());
  }
}
