package gauntlet;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import targets.defects.AuctionDefects;
import targets.defects.EventsDefects;
import targets.defects.LlmDefects;
import targets.defects.ProxyDefects;
import targets.defects.RelayDefects;
import targets.defects.TickerDefects;
import targets.shared.TargetSpec;

/** Every bundled target, in the order in which they depend on each other. */
final class Targets {
  static final List<TargetSpec> ALL =
      List.of(
          LlmDefects.SPEC,
          ProxyDefects.SPEC,
          RelayDefects.BRIDGE,
          RelayDefects.ADAPTER,
          TickerDefects.PUBLISHER,
          TickerDefects.SPEC,
          AuctionDefects.BIDS,
          AuctionDefects.BROADCAST,
          AuctionDefects.ARCHIVE,
          EventsDefects.SPEC);

  private Targets() {}

  /** Has targets drained when the process is stopped; the latch opens when they are. */
  static CountDownLatch drainedBy(Runnable drain) {
    CountDownLatch drained = new CountDownLatch(1);
    Runnable stop =
        () -> {
          drain.run();
          drained.countDown();
        };
    Runtime.getRuntime().addShutdownHook(new Thread(stop, "drain"));
    return drained;
  }
}
