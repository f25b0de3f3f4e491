package simulations.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import faults.Direction;
import faults.Fault;
import faults.FaultPlan.Strike;
import faults.FaultRun.Event;
import faults.FaultRun.Moment;
import faults.Refuse;
import faults.Reset;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ReconnectionsTest {
  private static final long S = 1_000_000_000;

  private final AtomicLong made = new AtomicLong(7);
  private final Reconnections reconnections =
      new Reconnections(() -> Map.of("bids-redis", made.get(), "users-bids", made.get()));

  @Test
  void connections_are_counted_from_the_strike_to_the_repair() {
    strike("bids-redis", new Reset(Direction.BOTH), 60);
    assertThat(reconnections.mostPerS()).hasValue(30);
    strike("bids-redis", new Reset(Direction.BOTH), 20);
    assertThat(reconnections.mostPerS()).as("the most of all").hasValue(30);
  }

  @Test
  void links_of_users_refusals_and_proxies_outside_the_run_show_none() {
    strike("users-bids", new Reset(Direction.BOTH), 60);
    strike("bids-redis", new Refuse(), 60);
    strike("their-redis", new Reset(Direction.BOTH), 60);
    assertThat(reconnections.mostPerS()).isEmpty();
  }

  /** Two seconds long. */
  private void strike(String whom, Fault what, int connections) {
    Strike strike = new Strike(Duration.ofSeconds(made.get()), Duration.ofSeconds(2), whom, what);
    reconnections.accept(new Event(strike, Moment.STRUCK, 5 * S, Optional.empty()));
    made.addAndGet(connections);
    reconnections.accept(new Event(strike, Moment.HEALING, 7 * S, Optional.empty()));
  }
}
