package simulations.sse;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import simulations.sse.SseLoad.Role;

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
}
