package simulations.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import verdict.Check.Outcome;

class RelayAuditTest {
  @Test
  void losses_are_those_that_have_a_counter() {
    Map<String, Long> losses = new TreeMap<>(Map.of("errors of the bridge", 0L));
    assertThat(RelayAudit.nothingDropped(losses).outcome()).isEqualTo(Outcome.PASS);
    assertThat(RelayAudit.nothingDropped(losses).reason())
        .isEqualTo("No loss was counted: errors of the bridge 0.");
    losses.put("missing at the adapter", 2L);
    assertThat(RelayAudit.nothingDropped(losses).outcome()).isEqualTo(Outcome.FAIL);
    assertThat(RelayAudit.nothingDropped(losses).reason())
        .isEqualTo("The relay counted losses: errors of the bridge 0, missing at the adapter 2.");
  }
}
