package targets.auction.broadcast;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import settings.SettingsReader;
import targets.auction.AuctionDefects;
import targets.auction.EventStore;
import targets.shared.Addresses;
import targets.shared.Defects;
import targets.shared.StoreSettings;
import targets.shared.TargetSpec.Setting;

/**
 * Everything that can be set when the broadcast service starts.
 *
 * @param host address to listen on
 * @param port port to listen on, 0 for any
 * @param nats where events come from
 * @param maxViewers viewers at once
 * @param outboxBytes a viewer for whom more than this waits is dropped
 * @param ping time between pings
 * @param silence a viewer not heard of for so long is dropped
 * @param store what JetStream keeps
 * @param drain how long viewers' last bytes may take when stopping
 * @param threads event loops
 * @param defects planted mistakes
 */
record BroadcastSettings(
    String host,
    int port,
    URI nats,
    int maxViewers,
    int outboxBytes,
    Duration ping,
    Duration silence,
    StoreSettings store,
    Duration drain,
    int threads,
    Defects defects) {
  static final List<Setting> OPTIONS =
      List.of(
          new Setting("host", "127.0.0.1", "address to listen on"),
          new Setting("port", "8081", "port to listen on, 0 for any free one"),
          Addresses.NATS,
          new Setting("max-viewers", "20000", "viewers at once; above it 503"),
          new Setting("outbox", "64KiB", "drop a viewer for whom more than this waits"),
          new Setting("ping", "25s", "time between pings"),
          new Setting("silence", "60s", "drop a viewer that is not heard of for so long"),
          EventStore.RETAIN,
          EventStore.RETAIN_BYTES,
          new Setting("drain", "2s", "how long viewers' last bytes may take when stopping"),
          new Setting("threads", "2", "event loops"),
          new Setting("defect", "", Defects.help(AuctionDefects.OF_BROADCAST)));

  private static final Duration TICK = Duration.ofMillis(10);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final int VIEWERS_MAX = 1_000_000;
  private static final int OUTBOX_MIN = 1024;
  private static final int OUTBOX_MAX = 64 << 20;
  private static final int THREADS_MAX = 256;

  /**
   * Reads all settings.
   *
   * @throws settings.BadSettings with every wrong value
   */
  static BroadcastSettings read(SettingsReader reader) {
    BroadcastSettings settings =
        new BroadcastSettings(
            reader.text("host"),
            reader.integer("port", 0, Addresses.PORT_MAX),
            Addresses.nats(reader),
            reader.integer("max-viewers", 1, VIEWERS_MAX),
            (int) reader.bytes("outbox", OUTBOX_MIN, OUTBOX_MAX),
            reader.duration("ping", TICK, HOUR),
            reader.duration("silence", TICK, HOUR),
            EventStore.read(reader),
            reader.duration("drain", Duration.ZERO, HOUR),
            reader.integer("threads", 1, THREADS_MAX),
            Defects.read(reader, "defect", AuctionDefects.OF_BROADCAST));
    if (reader.isRight() && settings.silence().compareTo(settings.ping()) <= 0) {
      reader.error("silence", "must be longer than --ping, after which a viewer answers");
    }
    reader.finish();
    return settings;
  }
}
