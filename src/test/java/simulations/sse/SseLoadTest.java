package simulations.sse;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import kpi.SharedCounters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import simulations.sse.SseLoad.Role;
import verdict.Check.Outcome;

class SseLoadTest {
  @ParameterizedTest
  @CsvSource({
    "1000, 10, 10",
    "100, 2, 2",
    "1, 2, 2",
    "1, 0, 0",
    "500, 5, 0",
    "500, 0, 5",
    "997, 13, 7",
    "10, 100, 100",
    "50000, 500, 500",
  })
  void every_role_is_played_as_planned_and_probes_are_spread_evenly(
      int clients, int leavers, int breakers) {
    int probes = leavers + breakers;
    List<Role> roles =
        IntStream.range(0, clients + probes)
            .mapToObj(user -> SseLoad.role(user, clients, leavers, breakers))
            .toList();

    assertThat(Collections.frequency(roles, Role.CLIENT)).isEqualTo(clients);
    assertThat(Collections.frequency(roles, Role.LEAVER)).isEqualTo(leavers);
    assertThat(Collections.frequency(roles, Role.BREAKER)).isEqualTo(breakers);
    Role before = null;
    for (int window = 0; window < probes; window++) {
      List<Role> users =
          roles.subList(start(window, roles, probes), start(window + 1, roles, probes));
      Role last = users.get(users.size() - 1);
      assertThat(users).as("window %d", window).containsOnlyOnce(last).doesNotContain(before);
      assertThat(Collections.frequency(users, Role.CLIENT)).isEqualTo(users.size() - 1);
      before = leavers == breakers ? last : null; // As many of both alternate.
    }
  }

  /** Of as many windows as probes, as even as whole users allow. */
  private static int start(int window, List<Role> roles, int probes) {
    return (int) Math.ceil((double) window * roles.size() / probes);
  }

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
