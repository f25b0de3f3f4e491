package simulations.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import simulations.run.Checks.Finding;
import verdict.Check;
import verdict.Check.Outcome;

class ChecksTest {
  private static final Finding LOST = Finding.of(false, "1", "none", "None lost.", "1 lost.");

  @Test
  void a_check_without_means_is_not_evaluated_and_one_without_evidence_inconclusive() {
    Checks checks = new Checks(false);
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

  @Test
  void a_run_that_was_cut_cannot_be_reconciled() {
    Checks checks = new Checks(true);
    checks.of("events_conserved").judge(() -> LOST);
    checks.validity("run_completed").judge(() -> LOST);
    assertThat(checks.made())
        .extracting(Check::outcome, Check::reason)
        .containsExactly(
            tuple(
                Outcome.INCONCLUSIVE, "The run was cut, so this is not known. Until then: 1 lost."),
            tuple(Outcome.INVALID, "1 lost."));
  }
}
