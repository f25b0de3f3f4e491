package simulations.sse;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import kpi.SharedCounters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import verdict.Check.Outcome;

class SseAuditTest {
  @ParameterizedTest
  @CsvSource({
    "2, 0, PASS, reached its client as a broken stream",
    "1, 1, FAIL, 1 clients were given a clean end",
    "0, 0, INCONCLUSIVE, No upstream broke",
  })
  void a_break_must_be_seen_and_none_at_all_proves_nothing(
      int seen, int hidden, Outcome outcome, String reason) {
    assertThat(SseAudit.broken(seen, hidden).outcome()).isEqualTo(outcome);
    assertThat(SseAudit.broken(seen, hidden).reason()).contains(reason);
  }

  @Test
  void a_generator_without_leavers_has_no_evidence_that_they_are_cancelled() {
    SharedCounters.Reading aborted = new SharedCounters.Reading(0, 5);
    assertThat(SseAudit.cancelledOfAll(2, 3, 1, aborted))
        .isEqualTo(new SharedCounters(3, 4, Map.of("aborted by llm", aborted), Map.of()));
    assertThat(SseAudit.cancelledOfAll(0, 3, 1, aborted))
        .isEqualTo(new SharedCounters(3, 4, Map.of(), Map.of()));
  }
}
