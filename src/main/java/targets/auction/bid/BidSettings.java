package targets.auction.bid;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import settings.SettingsReader;
import targets.auction.EventStore;
import targets.shared.Addresses;
import targets.shared.TargetSpec.Setting;

/** Settings of the bid service; {@link #OPTIONS} explains each. */
record BidSettings(
    String host,
    int port,
    URI redis,
    boolean optimistic,
    Duration redisTimeout,
    int threads,
    int connections,
    long backlog,
    Duration remember,
    EventStore.Settings store,
    Duration drain) {
  static final List<Setting> OPTIONS =
      List.of(
          new Setting("host", "127.0.0.1", "address to listen on"),
          new Setting("port", "8080", "port to listen on, 0 for any free one"),
          Addresses.REDIS,
          Addresses.NATS,
          new Setting("strategy", "lua", "lua: decide in a script; optimistic: WATCH and MULTI"),
          new Setting("redis-timeout", "500ms", "answer 503 when Redis takes longer"),
          new Setting("threads", "64", "requests under way at once"),
          new Setting("max-connections", "20000", "connections of clients at once"),
          new Setting("backlog", "1000000", "events that may wait for NATS; then bids get 503"),
          new Setting("remember", "10m", "how long the answer to an Idempotency-Key is kept"),
          EventStore.RETAIN,
          EventStore.RETAIN_BYTES,
          new Setting("drain", "5s", "how long to finish what is under way when stopping"));

  private static final int THREADS_MAX = 1024;
  private static final int CONNECTIONS_MAX = 1_000_000;
  private static final long BACKLOG_MAX = 1_000_000_000;

  /**
   * Reads all settings.
   *
   * @throws settings.BadSettings with every wrong value
   */
  static BidSettings read(SettingsReader reader) {
    BidSettings settings =
        new BidSettings(
            reader.text("host"),
            reader.integer("port", 0, Addresses.PORT_MAX),
            Addresses.redis(reader),
            reader.oneOf("strategy", List.of("lua", "optimistic")).equals("optimistic"),
            reader.duration("redis-timeout", Duration.ofMillis(10), Duration.ofMinutes(1)),
            reader.integer("threads", 1, THREADS_MAX),
            reader.integer("max-connections", 1, CONNECTIONS_MAX),
            reader.wholeNumber("backlog", 1, BACKLOG_MAX),
            reader.duration("remember", Duration.ofMillis(10), Duration.ofDays(1)),
            EventStore.Settings.read(reader, "bids"),
            reader.duration("drain", Duration.ZERO, Duration.ofHours(1)));
    reader.finish();
    return settings;
  }
}
