package targets.auction.broadcast;

import java.time.Duration;
import java.util.List;
import settings.SettingsReader;
import targets.auction.EventStore;
import targets.shared.Addresses;
import targets.shared.TargetSpec.Setting;

/** Settings of the broadcast service; {@link #OPTIONS} explains each. */
record BroadcastSettings(
    String host,
    int port,
    int maxViewers,
    int outboxBytes,
    Duration ping,
    Duration silence,
    EventStore.Settings store,
    Duration drain,
    int threads) {
  static final List<Setting> OPTIONS =
      List.of(
          new Setting("host", "127.0.0.1", "address to listen on"),
          new Setting("port", "8081", "port to listen on, 0 for any free one"),
          Addresses.NATS,
          new Setting("max-viewers", "20000", "viewers at once; above it 503"),
          new Setting("outbox", "64KiB", "drop a viewer when more bytes than this wait for it"),
          new Setting("ping", "25s", "time between pings"),
          new Setting(
              "silence", "60s", "drop a viewer that sends nothing, pongs included, for so long"),
          EventStore.RETAIN,
          EventStore.RETAIN_BYTES,
          new Setting("drain", "2s", "how long viewers may take to close when stopping"),
          new Setting("threads", "2", "event loops"));

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
            reader.integer("max-viewers", 1, VIEWERS_MAX),
            (int) reader.bytes("outbox", OUTBOX_MIN, OUTBOX_MAX),
            reader.duration("ping", TICK, HOUR),
            reader.duration("silence", TICK, HOUR),
            EventStore.Settings.read(reader, "broadcast"),
            reader.duration("drain", Duration.ZERO, HOUR),
            reader.integer("threads", 1, THREADS_MAX));
    if (reader.isRight() && settings.silence().compareTo(settings.ping()) <= 0) {
      reader.error("silence", "must be longer than --ping, which viewers answer");
    }
    reader.finish();
    return settings;
  }
}
