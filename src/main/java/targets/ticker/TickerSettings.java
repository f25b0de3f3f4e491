package targets.ticker;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import settings.Checked;
import settings.JwtKey;
import settings.Option;
import settings.Option.Form;
import settings.SettingsReader;
import targets.shared.Listener;
import targets.shared.Origins;
import targets.shared.PushClients;

/** Settings of the ticker. */
record TickerSettings(
    @Option(value = "127.0.0.1", help = "address to listen on") String host,
    @Option(in = "0..65535", help = "port to listen on, 0 for any free one") int port,
    @Option(value = "nats://127.0.0.1:4222", help = "NATS, with user and password if needed")
        URI nats,
    JwtKey.Source key,
    @Option(help = "required issuer of tokens (iss)") Optional<String> issuer,
    @Option(help = "required audience of tokens (aud)") Optional<String> audience,
    @Option(
            value = "0s",
            in = "0..1h",
            form = Form.SECONDS,
            help = "difference of clocks that tokens may show")
        Duration leeway,
    @Option(value = "false", help = "true: POST /auth/token gives out tokens") boolean devTokens,
    Limits limits,
    Times times,
    Listener.Times http,
    Origins origins,
    @Option(value = "false", help = "true: permessage-deflate, each broadcast compressed once")
        boolean deflate,
    @Option(value = "1", in = "1..256", help = "event loops") int threads)
    implements Checked {
  record Limits(
      @Option(value = "19000", in = "1..1000000", help = "WebSockets at once, then 503")
          int maxConnections,
      @Option(value = "5000", in = "1..1000000000", help = "attempts a second, then 429")
          int connectsPerAddress,
      @Option(value = "50", in = "1..1000000000", help = "frames a second, or close 1008")
          int messagesPerConnection,
      @Option(value = "100000", in = "1..1000000000", help = "frames a second, or error")
          int messagesPerAddress,
      @Option(value = "100000", in = "1..1000000", help = "accounts; the rest share one")
          int maxAddresses,
      @Option(value = "256KiB", in = "1KiB..64MiB", help = "bytes that wait; above it close 1013")
          int outbox,
      @Option(value = "64KiB", in = "4KiB..64MiB", help = "bytes in the kernel for a client")
          int sendBuffer,
      @Option(value = "1000", in = "1..1000000", help = "subscribed tokens of a client")
          int maxSubscriptions,
      @Option(value = "10000", in = "1..1000000", help = "feeds; others are dropped") int maxFeeds,
      @Option(value = "1024", in = "1..1000000", help = "broadcasts that wait, at most")
          int backlog) {}

  record Times(
      @Option(value = "30s", in = "10ms..1d", help = "time between a client's heartbeats")
          Duration heartbeat,
      @Option(value = "120s", in = "10ms..1d", help = "longest silence of a client") Duration idle,
      @Option(value = "30s", in = "10ms..1d", help = "longest stall") Duration clientStall,
      @Option(value = "5s", in = "10ms..1d", help = "time limit for a close's answer")
          Duration closeWait,
      @Option(value = "5s", in = "0..1d", help = "time limit for all clients when stopping")
          Duration drain) {}

  @Override
  public void check(SettingsReader reader) {
    boolean isPublic = !host.isEmpty() && !isLoopback(host);
    if (isPublic && key.isOfDevelopment(reader)) {
      reader.error(
          "secret",
          "the key for development is public and for loopback only, and --host is "
              + host
              + "; give a key of your own by --secret-file or --secret");
    }
    if (devTokens && isPublic) {
      reader.error("dev-tokens", "'true' is for loopback, and --host is " + host);
    }
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
