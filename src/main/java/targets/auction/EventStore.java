package targets.auction;

import io.nats.client.api.StreamConfiguration;
import java.time.Duration;
import java.util.Optional;
import settings.SettingsReader;
import targets.shared.StoreKeeper;
import targets.shared.StoreSettings;
import targets.shared.TargetSpec.Setting;

/** The JetStream store of all events; each part of the auction makes it if it is not there. */
public final class EventStore {
  /** How long events are kept. */
  public static final Setting RETAIN =
      new Setting("retain", "24h", "how long events can be replayed from JetStream");

  /** How many bytes of them. */
  public static final Setting RETAIN_BYTES =
      new Setting("retain-bytes", "1GiB", "at most so much of them; then the oldest go");

  private static final long MIB = 1L << 20;

  private EventStore() {}

  /** Reads {@link #RETAIN} and {@link #RETAIN_BYTES}. */
  public static StoreSettings read(SettingsReader reader) {
    return new StoreSettings(
        reader.duration("retain", Duration.ofSeconds(1), Duration.ofDays(30)),
        reader.bytes("retain-bytes", MIB, MIB << 20),
        Optional.empty());
  }

  /** The store, as JetStream is told of it. */
  public static StreamConfiguration configuration(StoreSettings settings) {
    return StoreKeeper.configuration(
        Names.STORE, Names.STORED_PREFIX + "*", Names.LIVE_PREFIX + "{{wildcard(1)}}", settings);
  }
}
