package targets.llm;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import settings.SettingsReader;
import targets.shared.TargetSpec.Setting;

/**
 * Everything that can be set when the server starts.
 *
 * @param host address to listen on
 * @param port port to listen on, 0 for any
 * @param pace of a request that does not choose its own
 * @param seed of a request that does not choose its own
 * @param maxStreams answers under way at once, streamed or not
 * @param maxBodyBytes the largest request body
 * @param apiKey what clients must send; empty for no check
 * @param stallBound a client that makes no room for further tokens for so long is cut off
 * @param drainBound bound of running streams after the stop
 * @param threads event loops
 */
record LlmSettings(
    String host,
    int port,
    Pace pace,
    long seed,
    int maxStreams,
    int maxBodyBytes,
    Optional<String> apiKey,
    Duration stallBound,
    Duration drainBound,
    int threads) {
  static final List<Setting> OPTIONS =
      List.of(
          new Setting("host", "127.0.0.1", "address to listen on"),
          new Setting("port", "10081", "port to listen on, 0 for any free one"),
          new Setting("tokens", "163", "tokens of a stream"),
          new Setting("duration", "10s", "from the first token to the end of a stream"),
          new Setting("first-token", "0ms", "from the request to the first token"),
          new Setting("jitter", "0ms", "the most by which a token is late, uniform from 0"),
          new Setting("break-after", "", "break the connection after so many tokens"),
          new Setting("seed", "42", "chooses the text"),
          new Setting("max-streams", "20000", "streams at once; above it 429"),
          new Setting("max-body", "1MiB", "largest request body; above it 413"),
          new Setting("api-key", "", "what clients must send as a bearer token; none by default"),
          new Setting("client-stall", "60s", "cut off a client that makes no room for so long"),
          new Setting("drain", "10s", "how long running streams may finish when stopping"),
          new Setting("threads", "1", "event loops"));

  private static final Duration HOUR = Duration.ofHours(1);
  private static final int PORT_MAX = 65_535;
  private static final int STREAMS_MAX = 1_000_000;
  private static final int BODY_BYTES_MAX = 64 << 20;
  private static final int THREADS_MAX = 256;

  /**
   * Reads all settings.
   *
   * @throws settings.BadSettings with every wrong value
   */
  static LlmSettings read(SettingsReader reader) {
    LlmSettings settings =
        new LlmSettings(
            reader.text("host"),
            reader.integer("port", 0, PORT_MAX),
            pace(reader),
            reader.wholeNumber("seed", Long.MIN_VALUE, Long.MAX_VALUE),
            reader.integer("max-streams", 1, STREAMS_MAX),
            (int) reader.bytes("max-body", 1, BODY_BYTES_MAX),
            reader.optionalText("api-key"),
            reader.duration("client-stall", Duration.ofMillis(1), HOUR),
            reader.duration("drain", Duration.ZERO, HOUR),
            reader.integer("threads", 1, THREADS_MAX));
    reader.finish();
    return settings;
  }

  private static Pace pace(SettingsReader reader) {
    boolean breaks = reader.optionalText("break-after").isPresent();
    return new Pace(
        reader.integer("tokens", 1, Pace.TOKENS_MAX),
        ns(reader, "duration", Pace.DURATION_MS_MAX),
        ns(reader, "first-token", Pace.FIRST_TOKEN_MS_MAX),
        ns(reader, "jitter", Pace.JITTER_MS_MAX),
        breaks ? reader.integer("break-after", 0, Pace.TOKENS_MAX) : Pace.NEVER);
  }

  private static long ns(SettingsReader reader, String path, long maxMs) {
    return reader.duration(path, Duration.ZERO, Duration.ofMillis(maxMs)).toNanos();
  }
}
