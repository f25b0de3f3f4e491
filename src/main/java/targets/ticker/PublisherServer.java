package targets.ticker;

import settings.SettingsReader;
import targets.shared.Clocks;
import targets.shared.Counters;
import targets.shared.Extension;
import targets.shared.LinkState;
import targets.shared.NatsLink;
import targets.shared.Service;
import targets.shared.Target;
import targets.shared.TargetSpec;

/** Composes the publisher of a seeded market; see the package. */
public final class PublisherServer {
  /** The publisher as the command line starts it. */
  public static final TargetSpec SPEC =
      new TargetSpec(
          "ticker-publisher",
          "Seeded market for the ticker, published to NATS at a steady rate",
          PublisherSettings.class,
          reader -> start(reader, Extension.NONE));

  private PublisherServer() {}

  /**
   * Starts; returns when its pages answer, whether NATS does or not.
   *
   * @throws settings.BadSettings with every wrong value, or if the port cannot be bound
   */
  public static Target start(SettingsReader reader, Extension extension) {
    PublisherSettings settings = reader.finish(PublisherSettings.class);
    Clocks clocks = Clocks.SYSTEM;
    LinkState state = new LinkState("NATS");
    Counters counters = new Counters("publisher_");
    Service service = new Service("publisher", 1, counters, extension);
    service.needs(state);
    NatsLink nats =
        service.add(
            new NatsLink(
                settings.nats().toString(),
                "ticker-publisher",
                NatsLink.Waiting.NONE,
                state,
                NatsLink.Watcher.NONE,
                clocks.nano()));
    service.add(new Publishing(settings, nats, counters, clocks));
    service.listen(settings.host(), settings.port());
    return service;
  }
}
