package targets.ticker;

import static settings.Option.Form.BYTES;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import settings.Checked;
import settings.Option;
import settings.SettingsReader;
import settings.TokenKey;
import targets.shared.PushClients;

/** Settings of the ticker. */
record TickerSettings(
    @Option(value = "127.0.0.1", about = "address to listen on") String host,
    @Option(value = "3001", max = "65535", about = "port to listen on, 0 for any free one")
        int port,
    @Option(value = "nats://127.0.0.1:4222", about = "NATS, with user and password if needed")
        URI nats,
    @Option(about = "key of the tokens: 32 bytes or more; loopback has a default")
        Optional<TokenKey> secret,
    @Option(about = "file whose first line is the secret") Optional<SecretFile> secretFile,
    @Option(about = "required issuer of tokens (iss)") Optional<String> issuer,
    @Option(about = "required audience of tokens (aud)") Optional<String> audience,
    @Option(value = "false", about = "true: POST /auth/token gives out tokens") boolean devTokens,
    Limits limits,
    Times times,
    @Option(value = "false", about = "true: permessage-deflate, each broadcast compressed once")
        boolean deflate,
    @Option(value = "1", min = "1", max = "256", about = "event loops") int threads)
    implements Checked {
  /** Limits of clients. */
  record Limits(
      @Option(value = "19000", min = "1", max = "1000000", about = "WebSockets at once, then 503")
          int maxConnections,
      @Option(value = "5000", min = "1", max = "1000000000", about = "attempts a second, then 429")
          int connectsPerAddress,
      @Option(value = "50", min = "1", max = "1000000000", about = "frames a second, or close 1008")
          int messagesPerConnection,
      @Option(value = "100000", min = "1", max = "1000000000", about = "frames a second, or error")
          int messagesPerAddress,
      @Option(value = "100000", min = "1", max = "1000000", about = "accounts; the rest share one")
          int maxAddresses,
      @Option(
              value = "16KiB",
              form = BYTES,
              min = "125",
              max = "16MiB",
              about = "bytes of a client's message; above it close 1009")
          int maxMessage,
      @Option(
              value = "256KiB",
              form = BYTES,
              min = "1KiB",
              max = "64MiB",
              about = "bytes that wait for a slow client; above it close 1013")
          int outbox,
      @Option(
              value = "64KiB",
              form = BYTES,
              min = "4KiB",
              max = "64MiB",
              about = "bytes that the kernel holds for a client")
          int sendBuffer,
      @Option(value = "1000", min = "1", max = "1000000", about = "subscribed tokens of a client")
          int maxSubscriptions,
      @Option(value = "10000", min = "1", max = "1000000", about = "feeds; others are dropped")
          int maxFeeds,
      @Option(value = "1024", min = "1", max = "1000000", about = "broadcasts that wait, at most")
          int backlog) {}

  /** Time limits. */
  record Times(
      @Option(value = "30s", min = "10ms", max = "1d", about = "time between a client's heartbeats")
          Duration heartbeat,
      @Option(value = "120s", min = "10ms", max = "1d", about = "longest silence of a client")
          Duration idle,
      @Option(value = "30s", min = "10ms", max = "1d", about = "longest stall of a client")
          Duration clientStall,
      @Option(value = "30s", min = "10ms", max = "1d", about = "longest wait for a request")
          Duration httpIdle,
      @Option(value = "5s", min = "10ms", max = "1d", about = "time limit for a close's answer")
          Duration closeWait,
      @Option(value = "5s", max = "1d", about = "time limit for all clients when stopping")
          Duration drain) {}

  /** The key in a file. */
  record SecretFile(TokenKey key) {
    static SecretFile parse(String file) {
      try {
        return new SecretFile(TokenKey.in(Path.of(file)).orElseThrow(TokenKey::tooShort));
      } catch (IOException | InvalidPathException e) {
        throw new IllegalArgumentException("'" + file + "' cannot be read", e);
      }
    }
  }

  /** No error holds the secret or a part of it. */
  @Override
  public void check(SettingsReader reader) {
    boolean hasSecret = reader.optionalText("secret").isPresent();
    boolean hasFile = reader.optionalText("secret-file").isPresent();
    boolean isPublic = !host.isEmpty() && !isLoopback(host);
    if (hasSecret && hasFile) {
      reader.error("secret-file", "there is a --secret too; give one of them");
    } else if (!hasSecret && !hasFile && isPublic) {
      reader.error(
          "secret",
          "has no value, and the default is public: it is for loopback, and --host is " + host);
    }
    if (devTokens && isPublic) {
      reader.error("dev-tokens", "'true' is for loopback, and --host is " + host);
    }
  }

  /** Returns the key that verifies tokens. */
  TokenKey key() {
    return secret.or(() -> secretFile.map(SecretFile::key)).orElse(TokenKey.ofDevelopment());
  }

  /** Returns the limits of a client that messages are pushed to. */
  PushClients.Limits push() {
    return new PushClients.Limits(
        limits.outbox(), times.heartbeat(), times.idle(), times.clientStall(), times.closeWait());
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false; // Binding reports it.
    }
  }
}
