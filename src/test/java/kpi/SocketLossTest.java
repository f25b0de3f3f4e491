package kpi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class SocketLossTest {
  @Test
  void a_known_code_has_a_counter_of_its_own() {
    assertThat(SocketLoss.closedBy(1008).counter()).isEqualTo("closed_1008");
    assertThat(SocketLoss.refusedBy(401).counter()).isEqualTo("refused_401");
  }

  @Test
  void any_other_code_counts_as_another_one() {
    assertThat(SocketLoss.closedBy(4000).counter()).isEqualTo("closed_other");
    assertThat(SocketLoss.closedBy(401)).isEqualTo(SocketLoss.CLOSED_OTHER);
    assertThat(SocketLoss.refusedBy(418).counter()).isEqualTo("refused_other");
  }

  @Test
  void losses_have_words() {
    Map<String, Long> counters =
        Map.of("closed_1008", 45L, "closed_1006", 1_000L, "refused_503", 3L, "streams_started", 9L);
    assertThat(SocketLoss.closed(counters))
        .isEqualTo(
            "1,000 closed by 1006 (cut without a close frame),"
                + " 45 closed by 1008 (policy violation)");
    assertThat(SocketLoss.refused(counters)).isEqualTo("3 refused by 503 (unavailable)");
    assertThat(SocketLoss.closed(Map.of())).isEmpty();
  }
}
