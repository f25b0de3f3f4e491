package simulations.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import kpi.SharedCounters;
import kpi.SharedCounters.Reading;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import simulations.run.Checks.Finding;
import verdict.Check;
import verdict.Check.Outcome;

class ChecksTest {
  private static final Finding LOST = Finding.of(false, "1", "none", "None lost.", "1 lost.");

  @Test
  void a_check_without_means_is_not_evaluated_and_one_without_evidence_inconclusive() {
    Checks checks = new Checks(Map.of(), false);
    checks.of("lost").judge(() -> LOST);
    checks.of("foreign").needs(false, "No counters.").judge(() -> LOST);
    checks
        .of("gone")
        .judge(
            () -> {
              throw new IOException("connection refused");
            });
    checks.restingOn(Optional.of("2 bids were not kept.")).of("full").judge(() -> LOST);
    assertThat(checks.made())
        .extracting(Check::name, Check::outcome, Check::reason)
        .containsExactly(
            tuple("lost", Outcome.FAIL, "1 lost."),
            tuple("foreign", Outcome.NOT_EVALUATED, "No counters."),
            tuple(
                "gone",
                Outcome.INCONCLUSIVE,
                "What it rests on could not be read: connection refused."),
            tuple("full", Outcome.INCONCLUSIVE, "2 bids were not kept."));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "feeds_steady=50                  | PASS          | Every steady feed went on.",
        "feeds_steady=49,feeds_silent=1   | FAIL          | 1 of 50 readers of a steady feed",
        "feeds_steady=45,feeds_mute=5     | WARN          | 5 readers received nothing",
        "feeds_steady=44,feeds_mute=6     | PASS          | Every steady feed went on.",
        "feeds_steady=45,feeds_brief=5    | FAIL          | 5 of 50 readers of a steady feed",
        "feeds_steady=40,feeds_brief=10   | PASS          | Every steady feed went on.",
        "feeds_rare=50                    | NOT_EVALUATED | No reader received enough",
        "feeds_unclear=50                 | NOT_EVALUATED | 50 readers received messages, then",
        "feeds_brief=50                   | NOT_EVALUATED | 50 readers received messages, then none"
            + " for the rest of their time; without a pace that was steady for long enough",
      })
  void a_feed_that_stops_while_it_stays_open_fails_if_it_had_a_pace(
      String ends, Outcome outcome, String reason) {
    Map<String, Long> counters = new HashMap<>();
    for (String end : ends.split(",", -1)) {
      counters.put(end.split("=", -1)[0], Long.valueOf(end.split("=", -1)[1]));
    }
    Checks checks = new Checks(counters, false);
    checks.goesOn(Optional.empty());
    assertThat(checks.made().get(0).outcome()).isEqualTo(outcome);
    assertThat(checks.made().get(0).reason()).startsWith(reason);
  }

  @Test
  void counters_of_targets_are_held_against_the_load() {
    Checks checks = new Checks(Map.of(), false);
    Map<String, Reading> bridge = Map.of("bridge", new Reading(3, 10));
    for (long sent : List.of(7L, 8L)) {
      checks
          .of("passed_on")
          .overAll(() -> new SharedCounters(sent, sent, bridge, Map.of()))
          .counted("sent", "All.", "They differ: %s.");
    }
    checks
        .of("dropped")
        .overAll(() -> new SharedCounters(0, 0, Map.of(), Map.of("errors", 2L)))
        .counted("", "None.", "Lost: %s.");
    assertThat(checks.made())
        .extracting(Check::outcome, Check::limit, Check::reason)
        .containsExactly(
            tuple(Outcome.PASS, "all equal", "All."),
            tuple(Outcome.FAIL, "all equal", "They differ: bridge 7, sent 8."),
            tuple(Outcome.FAIL, "none", "Lost: errors 2."));
  }

  @Test
  void a_run_that_was_cut_cannot_be_reconciled() {
    Checks checks = new Checks(Map.of(), true);
    checks.of("events_conserved").judge(() -> LOST);
    checks.validity("run_completed").judge(() -> LOST);
    assertThat(checks.made())
        .extracting(Check::outcome, Check::reason)
        .containsExactly(
            tuple(
                Outcome.INCONCLUSIVE, "The run was cut, so this is not known. Until then: 1 lost."),
            tuple(Outcome.INVALID, "1 lost."));
  }

  @Test
  void faults_are_counted_in_words_the_most_frequent_first() {
    Faults faults = new Faults();
    assertThat(faults.words()).isEmpty();
    faults.add("were not opened: code 401", null);
    faults.add("broke: reset", "rst");
    faults.add("broke: reset", "fin");
    assertThat(faults.words())
        .isEqualTo("2 streams broke: reset, the first: rst; 1 stream was not opened: code 401");
  }

  @ParameterizedTest
  @CsvSource({
    "offered_load, false, TARGET_DIED, NOT_EVALUATED",
    "offered_load, true,  TARGET_DIED, PASS",
    "offered_load, false, HUNG,        NOT_EVALUATED",
    "offered_load, false, CUT,         INVALID",
    "start_lag,    false, TARGET_DIED, INVALID",
  })
  void a_load_that_ended_early_is_excused_for_what_it_did_not_offer_alone(
      String name, boolean holds, Trouble.Kind kind, Outcome outcome) {
    Check check = Check.validity(name, holds, "90 of 100", "all", "");
    assertThat(new Trouble(kind, "llm died", 3).excuse(check).outcome()).isEqualTo(outcome);
  }
}
