package targets.proxy;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import settings.SettingsReader;
import targets.shared.TargetSpec.Setting;

/**
 * The proxy's settings.
 *
 * @param host address to listen on
 * @param port port to listen on, 0 for any
 * @param upstream where requests go: http, a host and a port, no path
 * @param connectTimeout bound of one connect to the upstream; past it 504
 * @param responseTimeout longest wait for the upstream's response head; past it 504
 * @param idleTimeout longest silence within a stream, and of a connection between two requests
 * @param bufferLow bytes waiting for one client at which its upstream is read again
 * @param bufferHigh bytes waiting for one client at which its upstream is no longer read
 * @param maxStreams requests proxied at one time; further ones get 503
 * @param maxIdle idle upstream connections kept per event loop
 * @param drain how long running streams may go on after the stop
 * @param threads event loops
 */
record ProxySettings(
    String host,
    int port,
    URI upstream,
    Duration connectTimeout,
    Duration responseTimeout,
    Duration idleTimeout,
    int bufferLow,
    int bufferHigh,
    int maxStreams,
    int maxIdle,
    Duration drain,
    int threads) {

  /** Every setting, its default and its meaning. */
  static final List<Setting> OPTIONS =
      List.of(
          new Setting("host", "127.0.0.1", "address to listen on"),
          new Setting("port", "10080", "port to listen on, 0 for any"),
          new Setting("upstream", "http://127.0.0.1:10081", "where requests go"),
          new Setting("connect-timeout", "5s", "bound of one connect to the upstream"),
          new Setting("response-timeout", "20s", "longest wait for the upstream's response head"),
          new Setting("idle-timeout", "30s", "longest silence in a stream or between requests"),
          new Setting("buffer-low", "32768", "bytes for one client at which reading goes on"),
          new Setting("buffer-high", "65536", "bytes for one client at which reading stops"),
          new Setting("max-streams", "20000", "requests proxied at one time"),
          new Setting("max-idle", "1024", "idle upstream connections kept per event loop"),
          new Setting("drain", "10s", "how long streams may go on after the stop"),
          new Setting("threads", "1", "event loops"));

  private static final int MAX_BUFFER = 64 * 1024 * 1024;
  private static final Duration SHORTEST = Duration.ofMillis(1);
  private static final Duration LONGEST = Duration.ofHours(1);

  /**
   * Reads all settings.
   *
   * @throws settings.BadSettings with every wrong value
   */
  static ProxySettings read(SettingsReader reader) {
    ProxySettings settings =
        new ProxySettings(
            reader.text("host"),
            reader.integer("port", 0, 65_535),
            upstream(reader),
            reader.duration("connect-timeout", SHORTEST, LONGEST),
            reader.duration("response-timeout", SHORTEST, LONGEST),
            reader.duration("idle-timeout", SHORTEST, LONGEST),
            reader.integer("buffer-low", 1, MAX_BUFFER),
            reader.integer("buffer-high", 1, MAX_BUFFER),
            reader.integer("max-streams", 1, 1_000_000),
            reader.integer("max-idle", 0, 100_000),
            reader.duration("drain", Duration.ZERO, LONGEST),
            reader.integer("threads", 1, 256));
    if (settings.bufferLow > settings.bufferHigh) {
      reader.error("buffer-low", "must not be above buffer-high");
    }
    reader.finish();
    return settings;
  }

  /** The upstream's port, 80 where the address names none. */
  int upstreamPort() {
    return upstream.getPort() < 0 ? 80 : upstream.getPort();
  }

  private static URI upstream(SettingsReader reader) {
    Optional<URI> url = reader.httpUrl("upstream");
    if (url.isEmpty()) {
      if (reader.optionalText("upstream").isEmpty()) {
        reader.error("upstream", "has no value");
      }
      return URI.create("http://127.0.0.1");
    }
    String path = Optional.ofNullable(url.get().getPath()).orElse("");
    if (!"http".equals(url.get().getScheme()) || !(path.isEmpty() || path.equals("/"))) {
      reader.error("upstream", "must be http://host:port without a path; TLS is not spoken");
    }
    return url.get();
  }
}
