package simulations.sse;

import static org.assertj.core.api.Assertions.assertThat;

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
}
