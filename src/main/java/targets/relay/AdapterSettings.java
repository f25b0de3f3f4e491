package targets.relay;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import settings.SettingsReader;
import targets.shared.Addresses;
import targets.shared.Defects;
import targets.shared.StoreSettings;
import targets.shared.TargetSpec.Setting;

/**
 * Everything that can be set when the adapter starts.
 *
 * @param host address to listen on
 * @param port port to listen on, 0 for any
 * @param nats where tokens come from
 * @param delivery how sure
 * @param firstToken a stream without any token for so long ends with an error
 * @param keepAlive time between comments that keep connections open
 * @param maxStreams streams at once
 * @param outboxBytes core: a client for which more than this waits is closed
 * @param clientStall a client that makes no room for so long is closed
 * @param check durable: a stream silent for so long looks into the store
 * @param hole durable: a token is given up when the store lacks it for so long
 * @param store what JetStream keeps
 * @param drain how long running streams may go on after the stop was asked for
 * @param threads event loops
 * @param cors origins of pages that browsers let read; none to let no other page read
 * @param defects planted mistakes
 */
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
    List<String> cors,
    Defects defects) {
  static final List<Setting> OPTIONS =
      List.of(
          new Setting("host", "127.0.0.1", "address to listen on"),
          new Setting("port", "8090", "port to listen on, 0 for any free one"),
          Addresses.NATS,
          RelayOptions.DELIVERY,
          new Setting("first-token", "30s", "end a stream that got no token for so long"),
          new Setting("keep-alive", "15s", "time between keep-alive comments"),
          new Setting("max-streams", "20000", "streams at once; above it 503"),
          new Setting("outbox", "1MiB", "core: close a client for which more than this waits"),
          new Setting("client-stall", "30s", "close a client that makes no room for so long"),
          new Setting("check", "1s", "durable: look into the store when so long silent"),
          new Setting("hole", "5s", "durable: how long to look for a token before it is lost"),
          RelayOptions.RETAIN,
          RelayOptions.RETAIN_BYTES,
          RelayOptions.NATS_DOMAIN,
          new Setting("drain", "10s", "how long running streams may go on when stopping"),
          new Setting("threads", "1", "event loops"),
          new Setting("cors", "", "origins whose pages may read, such as https://a.example, or *"),
          new Setting(
              "defect", "", "planted mistakes: " + String.join(", ", RelayDefects.OF_ADAPTER)));

  private static final Duration TICK = Duration.ofMillis(10);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final int STREAMS_MAX = 1_000_000;
  private static final int OUTBOX_MAX = 64 << 20;
  private static final int THREADS_MAX = 256;
  private static final String ORIGIN = "\\*|https?://[A-Za-z0-9.\\[\\]:-]+";

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
            RelayOptions.delivery(reader),
            reader.duration("first-token", TICK, HOUR),
            reader.duration("keep-alive", TICK, HOUR),
            reader.integer("max-streams", 1, STREAMS_MAX),
            (int) reader.bytes("outbox", 1, OUTBOX_MAX),
            reader.duration("client-stall", TICK, HOUR),
            reader.duration("check", TICK, HOUR),
            reader.duration("hole", TICK, HOUR),
            RelayOptions.store(reader),
            reader.duration("drain", Duration.ZERO, HOUR),
            reader.integer("threads", 1, THREADS_MAX),
            cors(reader),
            RelayDefects.read(reader, "defect", RelayDefects.OF_ADAPTER));
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
