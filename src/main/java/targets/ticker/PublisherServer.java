package targets.ticker;

import java.time.InstantSource;
import java.util.Optional;
import java.util.function.LongSupplier;
import settings.BadSettings;
import targets.shared.HealthPages;
import targets.shared.LinkState;
import targets.shared.NatsLink;
import targets.shared.PageListener;
import targets.shared.Target;
import targets.shared.TargetSpec;
import targets.shared.UnixClock;

/** Publishes a seeded market to NATS; see the package. Thread-safe. */
public final class PublisherServer implements Target {
  /** How the command line sees it. */
  public static final TargetSpec SPEC =
      new TargetSpec(
          "ticker-publisher",
          "Seeded market for the ticker, published to NATS at a steady rate",
          PublisherSettings.OPTIONS,
          reader ->
              new PublisherServer(
                  PublisherSettings.read(reader), InstantSource.system(), System::nanoTime));

  private final LinkState state = new LinkState("NATS");
  private final NatsLink nats;
  private final Publishing publishing;
  private final PageListener listener;
  private volatile boolean stopping;
  private boolean closed;

  /**
   * Starts; returns when its pages can be asked for, be NATS there or not.
   *
   * @param settings everything that can be set
   * @param wall stamps the messages
   * @param nanoClock keeps the schedule
   * @throws BadSettings if the port cannot be bound
   */
  PublisherServer(PublisherSettings settings, InstantSource wall, LongSupplier nanoClock) {
    LongSupplier unixNs = UnixClock.of(wall);
    long epoch = unixNs.getAsLong();
    PublisherMetrics metrics = new PublisherMetrics(state, epoch);
    nats =
        new NatsLink(
            settings.nats().toString(),
            "ticker-publisher",
            NatsLink.Waiting.NONE,
            state,
            NatsLink.Watcher.NONE,
            nanoClock);
    publishing = new Publishing(settings, nats, metrics, epoch, unixNs, nanoClock);
    listener =
        new PageListener(
            new PageListener.Place("publisher", settings.host(), settings.port()),
            new HealthPages(this::unready, metrics.page()),
            settings.defects(),
            nanoClock);
    nats.start();
    publishing.start();
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
    publishing.close();
    nats.close();
    listener.close();
  }

  private Optional<String> unready() {
    return stopping ? Optional.of("the publisher is stopping") : state.reason();
  }
}
