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
  void every_role_is_played_by_exactly_as_many_as_planned(int clients, int leavers, int breakers) {
    List<Role> roles = roles(clients, leavers, breakers);

    assertThat(Collections.frequency(roles, Role.CLIENT)).isEqualTo(clients);
    assertThat(Collections.frequency(roles, Role.LEAVER)).isEqualTo(leavers);
    assertThat(Collections.frequency(roles, Role.BREAKER)).isEqualTo(breakers);
  }

  @ParameterizedTest
  @CsvSource({"1000, 10, 10", "997, 13, 7", "100, 2, 2"})
  void probes_are_spread_evenly_among_the_clients(int clients, int leavers, int breakers) {
    List<Role> roles = roles(clients, leavers, breakers);
    int stride = roles.size() / (leavers + breakers);
    int[] places =
        IntStream.range(0, roles.size()).filter(user -> roles.get(user) != Role.CLIENT).toArray();

    for (int next = 1; next < places.length; next++) {
      assertThat(places[next] - places[next - 1]).isBetween(stride, stride + 1);
    }
  }

  @ParameterizedTest
  @CsvSource({"1000, 10, 10", "100, 2, 2", "500, 5, 5"})
  void as_many_leavers_as_breakers_alternate(int clients, int leavers, int breakers) {
    List<Role> probes =
        roles(clients, leavers, breakers).stream().filter(role -> role != Role.CLIENT).toList();

    for (int next = 1; next < probes.size(); next++) {
      assertThat(probes.get(next)).isNotEqualTo(probes.get(next - 1));
    }
  }

  private static List<Role> roles(int clients, int leavers, int breakers) {
    return IntStream.range(0, clients + leavers + breakers)
        .mapToObj(user -> SseLoad.role(user, clients, leavers, breakers))
        .toList();
  }
}
