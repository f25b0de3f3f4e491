package simulations.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import faults.FaultPlan.Strike;
import faults.ProcessFault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import simulations.auction.AuctionItem;
import simulations.auction.BidForm;
import simulations.resilience.FaultLog.Window;
import verdict.BidOperation;

class AftermathTest {
  private static final long MS = 1_000_000;
  private static final Window WINDOW =
      new Window(
          new Strike(Duration.ZERO, Duration.ofMillis(30), "redis", ProcessFault.KILL),
          10 * MS,
          40 * MS,
          50 * MS);

  @Test
  void what_no_request_and_no_viewer_saw_is_unknown() {
    Aftermath found = of(List.of());
    assertThat(found.slowestMs()).isEmpty();
    assertThat(found.recovery()).isEmpty();
    assertThat(found.drain()).isEmpty();
    assertThat(found.herdSpread()).isEmpty();
  }

  @Test
  void the_slowest_request_is_one_of_those_that_were_under_way_during_the_fault() {
    assertThat(of(List.of(read(1, 12), read(20, 27), read(51, 90))).slowestMs()).hasValue(11);
  }

  private static Aftermath of(List<BidOperation> operations) {
    AuctionItem item = new AuctionItem("item", BidForm.ORIGINAL);
    return new Aftermath.Evidence(item, operations, List.of(), List.of())
        .of(WINDOW, Long.MAX_VALUE);
  }

  private static BidOperation read(long callMs, long returnMs) {
    return new BidOperation.Read(callMs * MS, returnMs * MS, 100, Optional.empty());
  }
}
