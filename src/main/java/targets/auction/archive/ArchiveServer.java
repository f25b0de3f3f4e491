package targets.auction.archive;

import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import settings.BadSettings;
import targets.auction.AuctionDefects;
import targets.auction.EventStore;
import targets.shared.HealthPages;
import targets.shared.LinkState;
import targets.shared.NatsLink;
import targets.shared.PageListener;
import targets.shared.StoreKeeper;
import targets.shared.Target;
import targets.shared.TargetSpec;

/** The archive; see the package. Thread-safe. */
public final class ArchiveServer implements Target {
  /** How the command line sees it. */
  public static final TargetSpec SPEC =
      new TargetSpec(
          "archive",
          "Auction: every accepted bid into PostgreSQL, exactly once",
          ArchiveSettings.OPTIONS,
          reader -> new ArchiveServer(ArchiveSettings.read(reader), System::nanoTime));

  private final LinkState natsState = new LinkState("NATS");
  private final LinkState postgres = new LinkState("PostgreSQL");
  private final Archive archive;
  private final StoreKeeper keeper;
  private final NatsLink nats;
  private final ArchiveWorker worker;
  private final PageListener listener;
  private volatile boolean stopping;
  private boolean closed;

  /**
   * Starts; returns when its pages can be asked for, be NATS and PostgreSQL there or not.
   *
   * @param settings everything that can be set
   * @param nanoClock bounds waiting
   * @throws BadSettings if the port cannot be bound
   */
  ArchiveServer(ArchiveSettings settings, LongSupplier nanoClock) {
    boolean itemsFirst = !settings.defects().has(AuctionDefects.ARCHIVE_BEFORE_ITEM);
    ArchiveMetrics metrics = new ArchiveMetrics(natsState, postgres);
    listener =
        new PageListener(
            new PageListener.Place("archive", settings.host(), settings.port()),
            new HealthPages(this::unready, metrics.page()),
            settings.defects(),
            nanoClock);
    archive = new Archive(settings.postgres(), itemsFirst);
    keeper =
        new StoreKeeper(
            settings.store(), EventStore.configuration(settings.store()), NatsLink.Watcher.NONE);
    nats =
        new NatsLink(
            settings.nats().toString(),
            "archive",
            NatsLink.Waiting.NONE,
            natsState,
            keeper,
            nanoClock);
    worker = new ArchiveWorker(archive, postgres, nats, keeper, metrics, settings, nanoClock);
    keeper.start();
    nats.start();
    worker.start();
  }

  @Override
  public int port() {
    return listener.port();
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    stopping = true;
    worker.close();
    keeper.close();
    nats.close();
    archive.close();
    listener.close();
  }

  private Optional<String> unready() {
    if (stopping) {
      return Optional.of("the archive is stopping");
    }
    return Stream.of(natsState, keeper.state(), postgres)
        .flatMap(state -> state.reason().stream())
        .reduce((a, b) -> a + "; " + b);
  }
}
