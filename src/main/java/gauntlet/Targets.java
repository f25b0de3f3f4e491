package gauntlet;

import java.util.List;
import targets.auction.archive.ArchiveServer;
import targets.auction.bid.BidServer;
import targets.auction.broadcast.BroadcastServer;
import targets.defects.LlmDefects;
import targets.proxy.ProxyServer;
import targets.relay.AdapterServer;
import targets.relay.BridgeServer;
import targets.shared.TargetSpec;
import targets.ticker.PublisherServer;
import targets.ticker.TickerServer;

/** Every bundled target, in the order in which they depend on each other. */
final class Targets {
  static final List<TargetSpec> ALL =
      List.of(
          LlmDefects.SPEC,
          ProxyServer.SPEC,
          BridgeServer.SPEC,
          AdapterServer.SPEC,
          PublisherServer.SPEC,
          TickerServer.SPEC,
          BidServer.SPEC,
          BroadcastServer.SPEC,
          ArchiveServer.SPEC);

  private Targets() {}
}
