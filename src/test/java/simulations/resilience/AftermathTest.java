package simulations.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import faults.FaultPlan.Strike;
import faults.ProcessFault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import simulations.auction.AuctionItem;
import simulations.auction.AuctionItem.Failure;
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

  /** Struck at 10 s, repaired from 40 to 50 s; requests fail at 12 and 45 s. */
  @Test
  void times_count_from_the_strike_or_from_the_end_of_the_repair() {
    Window window = new Window(WINDOW.strike(), 10_000 * MS, 40_000 * MS, 50_000 * MS);
    AuctionItem item = new AuctionItem("item", BidForm.ORIGINAL);
    item.failed(new Failure(11_000 * MS, 12_000 * MS, 503));
    item.failed(new Failure(41_000 * MS, 45_000 * MS, 503));
    List<BidOperation> operations =
        List.of(accepted(44_000, 51_000), accepted(46_000, 52_000), read(45_500, 45_600));
    List<Backlog.Look> looks =
        List.of(look(52_500, 0), look(53_000, 1), look(60_000, 1), look(61_000, 2));

    Aftermath found =
        new Aftermath.Evidence(item, operations, List.of(), looks).of(window, Long.MAX_VALUE);
    assertThat(found.firstError()).hasValue(2);
    assertThat(found.recovery()).as("the bid of 44 s was under way at the failure").hasValue(2);
    assertThat(found.drain()).as("two bids were accepted a second before").hasValue(11);
    assertThat(found.back()).hasValue(0);
    assertThat(found.herdPeak()).isZero();
  }

  private static Backlog.Look look(long atMs, long archived) {
    return new Backlog.Look(atMs * MS, archived);
  }

  private static BidOperation accepted(long callMs, long returnMs) {
    return new BidOperation.Accepted(callMs * MS, returnMs * MS, "ann", 100, OptionalLong.empty());
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
