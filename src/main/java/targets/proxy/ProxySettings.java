package targets.proxy;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import settings.Checked;
import settings.Option;
import settings.SettingsReader;

/** The proxy's settings. */
record ProxySettings(
    @Option(value = "127.0.0.1", about = "address to listen on") String host,
    @Option(value = "10080", max = "65535", about = "port to listen on, 0 for any") int port,
    @Option(value = "http://127.0.0.1:10081", about = "where requests go") URI upstream,
    @Option(
            value = "5s",
            min = "1ms",
            max = "1h",
            about = "bound of one connect to the upstream; past it 504")
        Duration connectTimeout,
    @Option(
            value = "20s",
            min = "1ms",
            max = "1h",
            about = "longest wait for the upstream's response head; past it 504")
        Duration responseTimeout,
    @Option(
            value = "30s",
            min = "1ms",
            max = "1h",
            about = "longest silence in a stream or between requests")
        Duration idleTimeout,
    @Option(
            value = "32768",
            min = "1",
            max = "67108864",
            about = "bytes for one client at which reading goes on")
        int bufferLow,
    @Option(
            value = "65536",
            min = "1",
            max = "67108864",
            about = "bytes for one client at which reading stops")
        int bufferHigh,
    @Option(
            value = "20000",
            min = "1",
            max = "1000000",
            about = "requests proxied at one time; above it 503")
        int maxStreams,
    @Option(value = "1024", max = "100000", about = "idle upstream connections kept per event loop")
        int maxIdle,
    @Option(value = "10s", max = "1h", about = "how long streams may go on after the stop")
        Duration drain,
    @Option(value = "1", min = "1", max = "256", about = "event loops") int threads)
    implements Checked {
  @Override
  public void check(SettingsReader reader) {
    boolean rooted = Optional.ofNullable(upstream.getPath()).orElse("").matches("/?");
    if (upstream.getScheme().equals("https") || !rooted) {
      reader.error("upstream", "must be http://host:port without a path; TLS is not spoken");
    }
    if (bufferLow > bufferHigh) {
      reader.error("buffer-low", "must not be above buffer-high");
    }
  }

  /** The upstream's port, 80 where the address names none. */
  int upstreamPort() {
    return upstream.getPort() < 0 ? 80 : upstream.getPort();
  }
}
