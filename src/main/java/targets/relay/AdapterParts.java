package targets.relay;

import java.util.Optional;
import java.util.function.LongSupplier;
import targets.shared.LinkState;
import targets.shared.NatsLink;
import targets.shared.StoreKeeper;
import targets.shared.StoreReader;
import targets.shared.StreamSlots;

/**
 * What all streams of an adapter share.
 *
 * @param settings everything that can be set
 * @param metrics counts
 * @param nats the connection
 * @param keeper sees to the store, in durable delivery
 * @param conversations who listens to what
 * @param store replays, in durable delivery
 * @param slots at most so many streams
 * @param unixNs stamps messages
 * @param nanoClock bounds waiting
 */
record AdapterParts(
    AdapterSettings settings,
    AdapterMetrics metrics,
    NatsLink nats,
    Optional<StoreKeeper> keeper,
    Conversations conversations,
    StoreReader store,
    StreamSlots slots,
    LongSupplier unixNs,
    LongSupplier nanoClock) {
  /** Puts them together; nothing runs yet. */
  static AdapterParts of(AdapterSettings settings, LongSupplier unixNs, LongSupplier nanoClock) {
    LinkState state = new LinkState("NATS");
    AdapterMetrics metrics = new AdapterMetrics(state);
    Conversations conversations = new Conversations(metrics, unixNs);
    boolean durable = settings.delivery() == Delivery.DURABLE;
    Optional<StoreKeeper> keeper =
        durable
            ? Optional.of(
                new StoreKeeper(settings.store(), Names.store(settings.store()), conversations))
            : Optional.empty();
    NatsLink.Watcher watcher = durable ? keeper.get() : conversations;
    NatsLink nats =
        new NatsLink(
            settings.nats().toString(),
            "relay-adapter",
            NatsLink.Waiting.NONE,
            state,
            watcher,
            nanoClock);
    StoreReader store =
        new StoreReader(settings.store(), Names.STORE, nats::connection, metrics.storeReads);
    StreamSlots slots = new StreamSlots(settings.maxStreams(), nanoClock);
    return new AdapterParts(
        settings, metrics, nats, keeper, conversations, store, slots, unixNs, nanoClock);
  }

  void start() {
    conversations.start();
    keeper.ifPresent(StoreKeeper::start);
    nats.start();
  }

  void stop() {
    conversations.close();
    keeper.ifPresent(StoreKeeper::close);
    nats.close();
  }

  /** Why nothing can be streamed now; empty if it can. */
  Optional<String> unready() {
    if (has(RelayDefects.SILENT_NATS_DOWN)) {
      return Optional.empty();
    }
    return nats.state().reason().or(() -> keeper.flatMap(kept -> kept.state().reason()));
  }

  boolean has(String defect) {
    return settings.defects().has(defect);
  }
}
