package targets.relay.adapter;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import settings.SettingsReader;
import targets.relay.message.Delivery;
import targets.relay.message.TokenStore;
import targets.shared.Addresses;
import targets.shared.StoreSettings;
import targets.shared.TargetSpec.Setting;

/** Settings of the adapter, with the meanings that {@link #OPTIONS} gives. */
record AdapterSettings(
    String host,
    int port,
    URI nats,
    Delivery delivery,
    Duration firstToken,
    Duration keepAlive,
    int maxStreams,
    int outboxBytes,
    Duration clientStall,
    Duration check,
    Duration hole,
    StoreSettings store,
    Duration drain,
    int threads,
    List<String> cors) {
  static final List<Setting> OPTIONS = options();

  private static final Duration TICK = Duration.ofMillis(10);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final int STREAMS_MAX = 1_000_000;
  private static final int OUTBOX_MAX = 64 << 20;
  private static final int THREADS_MAX = 256;
  private static final String ORIGIN = "\\*|https?://[A-Za-z0-9.\\[\\]:-]+";

  private static List<Setting> options() {
    List<Setting> options =
        new ArrayList<>(
            List.of(
                new Setting("host", "127.0.0.1", "address to listen on"),
                new Setting("port", "8090", "port to listen on, 0 for any free one"),
                Addresses.NATS,
                Delivery.OPTION,
                new Setting("first-token", "30s", "end a stream that got no token for so long"),
                new Setting("keep-alive", "15s", "time between keep-alive comments"),
                new Setting("max-streams", "20000", "streams at once; above it 503"),
                new Setting("outbox", "1MiB", "core: close a client with more unsent bytes"),
                new Setting("client-stall", "30s", "close a client that does not read for so long"),
                new Setting("check", "1s", "durable: read the store after so long a silence"),
                new Setting(
                    "hole", "5s", "durable: how long to look for a token before it is lost")));
    options.addAll(TokenStore.OPTIONS);
    options.addAll(
        List.of(
            new Setting("drain", "10s", "how long running streams may go on when stopping"),
            new Setting("threads", "1", "event loops"),
            new Setting(
                "cors", "", "origins whose pages may read, such as https://a.example, or *")));
    return List.copyOf(options);
  }

  /**
   * Reads all settings.
   *
   * @throws settings.BadSettings with every wrong value
   */
  static AdapterSettings read(SettingsReader reader) {
    AdapterSettings settings =
        new AdapterSettings(
            reader.text("host"),
            reader.integer("port", 0, Addresses.PORT_MAX),
            Addresses.nats(reader),
            Delivery.read(reader),
            reader.duration("first-token", TICK, HOUR),
            reader.duration("keep-alive", TICK, HOUR),
            reader.integer("max-streams", 1, STREAMS_MAX),
            (int) reader.bytes("outbox", 1, OUTBOX_MAX),
            reader.duration("client-stall", TICK, HOUR),
            reader.duration("check", TICK, HOUR),
            reader.duration("hole", TICK, HOUR),
            TokenStore.read(reader),
            reader.duration("drain", Duration.ZERO, HOUR),
            reader.integer("threads", 1, THREADS_MAX),
            cors(reader));
    reader.finish();
    return settings;
  }

  private static List<String> cors(SettingsReader reader) {
    List<String> origins =
        reader.optionalText("cors").map(text -> List.of(text.split("\\s*,\\s*"))).orElse(List.of());
    for (String origin : origins) {
      if (!origin.matches(ORIGIN)) {
        reader.error("cors", "'" + origin + "' is not an origin such as https://a.example, or *");
      }
    }
    return origins;
  }
}
