package simulations.sse;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
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
    int probes = leavers + breakers;
    int stride = roles.size() / probes;

    for (int probe = 0; probe < probes; probe++) {
      int from = (int) ((long) probe * roles.size() / probes);
      assertThat(roles.subList(from, from + stride))
          .as("users %d to %d", from, from + stride)
          .filteredOn(role -> role != Role.CLIENT)
          .hasSizeLessThanOrEqualTo(1);
    }
    List<Integer> places = new ArrayList<>();
    for (int user = 0; user < roles.size(); user++) {
      if (roles.get(user) != Role.CLIENT) {
        places.add(user);
      }
    }
    for (int next = 1; next < places.size(); next++) {
      assertThat(places.get(next) - places.get(next - 1)).isBetween(stride, stride + 1);
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
    List<Role> roles = new ArrayList<>();
    for (int user = 0; user < clients + leavers + breakers; user++) {
      roles.add(SseLoad.role(user, clients, leavers, breakers));
    }
    return roles;
  }
}
