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
 * Settings of the ticker.
 *
 * @param nats source of the market
 * @param key verifies tokens
 * @param issuer required in tokens, if any
 * @param audience required in tokens, if any
 * @param devTokens whether {@code POST /auth/token} is served
 * @param deflate whether messages are compressed for clients that accept it
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
  /** Limits of clients; {@link #OPTIONS} defines each. */
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

  /** Time limits; {@link #OPTIONS} defines each. */
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
          new Setting("secret", "", "key of the tokens: 32 bytes or more; loopback has a default"),
          new Setting("secret-file", "", "file whose first line is the secret"),
          new Setting("issuer", "", "required issuer of tokens (iss)"),
          new Setting("audience", "", "required audience of tokens (aud)"),
          new Setting("dev-tokens", "false", "true: POST /auth/token gives out tokens"),
          new Setting("max-connections", "19000", "WebSockets at once; above it 503"),
          new Setting("connects-per-address", "5000", "attempts a second; above it 429"),
          new Setting("messages-per-connection", "50", "frames a second; above it close 1008"),
          new Setting("messages-per-address", "100000", "frames a second; above it an error"),
          new Setting("max-addresses", "100000", "addresses with an account; the rest share one"),
          new Setting("max-message", "16KiB", "bytes of a client's message; above it close 1009"),
          new Setting("outbox", "256KiB", "bytes that wait for a slow client; above it close 1013"),
          new Setting("send-buffer", "64KiB", "bytes that the kernel holds for a client"),
          new Setting("max-subscriptions", "1000", "tokens that a client may subscribe to"),
          new Setting(
              "max-feeds", "10000", "feeds; broadcasts of further ones are dropped, counted"),
          new Setting("backlog", "1024", "broadcasts that wait; above it NATS's client waits"),
          new Setting("heartbeat", "30s", "time between a client's heartbeats"),
          new Setting("idle", "120s", "close a client that sends nothing, not even pongs"),
          new Setting("client-stall", "30s", "close a client that stalled for so long"),
          new Setting("http-idle", "30s", "close a connection without a request for so long"),
          new Setting("close-wait", "5s", "time limit for the answer to a close"),
          new Setting("drain", "5s", "time limit for all clients when stopping"),
          new Setting(
              "deflate", "false", "true: permessage-deflate, each broadcast compressed once"),
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

  /** No error holds the secret or a part of it. */
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
          "has no value, and the default is public: it is for loopback, and --host is " + host);
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
      return false; // Binding reports it.
    }
  }
}
