package targets.ticker;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import settings.SettingsReader;
import settings.TokenKey;
import targets.shared.Addresses;
import targets.shared.PushClients;
import targets.shared.TargetSpec.Setting;

/**
 * Everything that can be set when the ticker starts.
 *
 * @param host address to listen on
 * @param port port to listen on, 0 for any
 * @param nats where the market is heard
 * @param key signs the tokens
 * @param issuer that tokens must name, if any
 * @param audience that tokens must name, if any
 * @param devTokens whether anybody gets a token who asks for one
 * @param limits what clients may do
 * @param times how long things may take
 * @param deflate whether messages are compressed for clients that understand it
 * @param threads event loops
 */
record TickerSettings(
    String host,
    int port,
    URI nats,
    TokenKey key,
    Optional<String> issuer,
    Optional<String> audience,
    boolean devTokens,
    Limits limits,
    Times times,
    boolean deflate,
    int threads) {
  /**
   * What clients may do.
   *
   * @param connections at once
   * @param connectsPerAddress attempts a second
   * @param messagesPerConnection frames a second
   * @param messagesPerAddress frames a second
   * @param addresses that are told apart
   * @param messageBytes of one message of a client
   * @param outboxBytes that wait for a slow client besides what its socket holds
   * @param sendBufferBytes that the kernel holds for a client
   * @param subscriptions tokens that a client may name
   * @param feeds that are known
   * @param backlog broadcasts that wait for their turn
   */
  record Limits(
      int connections,
      int connectsPerAddress,
      int messagesPerConnection,
      int messagesPerAddress,
      int addresses,
      int messageBytes,
      int outboxBytes,
      int sendBufferBytes,
      int subscriptions,
      int feeds,
      int backlog) {}

  /**
   * How long things may take.
   *
   * @param heartbeat between two heartbeats of a client
   * @param idle a client that shows no sign of life for so long is closed
   * @param stall a client that makes no room for so long is closed
   * @param httpIdle a connection that completes no request for so long is closed
   * @param closeWait how long the closing handshake may take
   * @param drain how long all of them may take when the ticker stops
   */
  record Times(
      Duration heartbeat,
      Duration idle,
      Duration stall,
      Duration httpIdle,
      Duration closeWait,
      Duration drain) {}

  static final List<Setting> OPTIONS =
      List.of(
          new Setting("host", "127.0.0.1", "address to listen on"),
          new Setting("port", "3001", "port to listen on, 0 for any free one"),
          Addresses.NATS,
          new Setting("secret", "", "signs the tokens: 32 bytes or more; loopback has a default"),
          new Setting("secret-file", "", "the same, the first line of a file"),
          new Setting("issuer", "", "tokens must name it (iss)"),
          new Setting("audience", "", "tokens must name it (aud)"),
          new Setting("dev-tokens", "false", "true: POST /auth/token gives a token to anybody"),
          new Setting("max-connections", "19000", "WebSockets at once; above it 503"),
          new Setting("connects-per-address", "5000", "attempts a second; above it 429"),
          new Setting("messages-per-connection", "50", "frames a second; above it close 1008"),
          new Setting("messages-per-address", "100000", "frames a second; above it an error"),
          new Setting(
              "max-addresses", "100000", "addresses told apart; the rest share one account"),
          new Setting("max-message", "16KiB", "bytes of a client's message; above it close 1009"),
          new Setting("outbox", "256KiB", "what may wait for a slow client; above it close 1013"),
          new Setting("send-buffer", "64KiB", "what the kernel holds for a client"),
          new Setting("max-subscriptions", "1000", "tokens that a client may subscribe to"),
          new Setting("max-feeds", "10000", "feeds told apart; what is beyond is dropped, counted"),
          new Setting("backlog", "1024", "broadcasts that wait; above it NATS's client waits"),
          new Setting("heartbeat", "30s", "time between a client's heartbeats"),
          new Setting("idle", "120s", "close a client without a sign of life, pongs included"),
          new Setting("client-stall", "30s", "close a client that makes no room for so long"),
          new Setting("http-idle", "30s", "close a connection without a request for so long"),
          new Setting("close-wait", "5s", "how long a client has to answer a close"),
          new Setting("drain", "5s", "how long all clients have for that when stopping"),
          new Setting("deflate", "false", "true: permessage-deflate, each broadcast packed once"),
          new Setting("threads", "1", "event loops"));

  private static final int MANY = 1_000_000;
  private static final int RATE_MAX = 1_000_000_000;
  private static final int MIB = 1 << 20;
  private static final int THREADS_MAX = 256;
  private static final Duration TICK = Duration.ofMillis(10);
  private static final Duration DAY = Duration.ofDays(1);

  /**
   * Reads all settings.
   *
   * @throws settings.BadSettings with every wrong value
   */
  static TickerSettings read(SettingsReader reader) {
    String host = reader.text("host");
    TickerSettings settings =
        new TickerSettings(
            host,
            reader.integer("port", 0, Addresses.PORT_MAX),
            Addresses.nats(reader),
            key(reader, host),
            reader.optionalText("issuer"),
            reader.optionalText("audience"),
            reader.flag("dev-tokens"),
            limits(reader),
            times(reader),
            reader.flag("deflate"),
            reader.integer("threads", 1, THREADS_MAX));
    if (settings.devTokens() && !isLoopback(host)) {
      reader.error("dev-tokens", "'true' is for loopback, and --host is " + host);
    }
    reader.finish();
    return settings;
  }

  /** Returns the limits of a client that messages are pushed to. */
  PushClients.Limits push() {
    return new PushClients.Limits(
        limits.outboxBytes(), times.heartbeat(), times.idle(), times.stall(), times.closeWait());
  }

  private static Limits limits(SettingsReader reader) {
    return new Limits(
        reader.integer("max-connections", 1, MANY),
        reader.integer("connects-per-address", 1, RATE_MAX),
        reader.integer("messages-per-connection", 1, RATE_MAX),
        reader.integer("messages-per-address", 1, RATE_MAX),
        reader.integer("max-addresses", 1, MANY),
        (int) reader.bytes("max-message", 125, 16 * MIB),
        (int) reader.bytes("outbox", 1024, 64 * MIB),
        (int) reader.bytes("send-buffer", 4096, 64 * MIB),
        reader.integer("max-subscriptions", 1, MANY),
        reader.integer("max-feeds", 1, MANY),
        reader.integer("backlog", 1, MANY));
  }

  private static Times times(SettingsReader reader) {
    return new Times(
        reader.duration("heartbeat", TICK, DAY),
        reader.duration("idle", TICK, DAY),
        reader.duration("client-stall", TICK, DAY),
        reader.duration("http-idle", TICK, DAY),
        reader.duration("close-wait", TICK, DAY),
        reader.duration("drain", Duration.ZERO, DAY));
  }

  /** Neither the secret nor a part of it is ever said. */
  private static TokenKey key(SettingsReader reader, String host) {
    Optional<String> secret = reader.optionalText("secret");
    Optional<String> file = reader.optionalText("secret-file");
    if (secret.isPresent() && file.isPresent()) {
      reader.error("secret-file", "there is a --secret too; give one of them");
    } else if (secret.isPresent() || file.isPresent()) {
      String path = secret.isPresent() ? "secret" : "secret-file";
      Optional<TokenKey> key = secret.map(TokenKey::of).orElseGet(() -> inFile(reader, file.get()));
      if (key.isEmpty() && reader.isRight()) {
        reader.error(path, "a secret has at least " + TokenKey.BYTES_MIN + " bytes");
      }
      return key.orElse(TokenKey.ofDevelopment());
    } else if (!host.isEmpty() && !isLoopback(host)) {
      reader.error(
          "secret",
          "has no value, and the default is known to everybody: it is for loopback, and --host is "
              + host);
    }
    return TokenKey.ofDevelopment();
  }

  private static Optional<TokenKey> inFile(SettingsReader reader, String file) {
    try {
      return TokenKey.in(Path.of(file));
    } catch (IOException | InvalidPathException e) {
      reader.error("secret-file", "'" + file + "' cannot be read");
      return Optional.empty();
    }
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false; // Binding will say so.
    }
  }
}
