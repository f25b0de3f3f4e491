package targets.proxy;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import settings.Checked;
import settings.Option;
import settings.SettingsReader;
import targets.shared.HttpLimits;

/** The proxy's settings. */
record ProxySettings(
    @Option(value = "127.0.0.1", help = "address to listen on") String host,
    @Option(value = "10080", in = "0..65535", help = "port to listen on, 0 for any") int port,
    @Option(value = "http://127.0.0.1:10081", help = "where requests go") URI upstream,
    @Option(value = "5s", in = "1ms..1h", help = "bound of one connect; past it 504")
        Duration connectTimeout,
    @Option(value = "20s", in = "1ms..1h", help = "longest wait for a response; past it 504")
        Duration responseTimeout,
    @Option(value = "30s", in = "1ms..1h", help = "longest silence of a stream")
        Duration idleTimeout,
    @Option(value = "32768", in = "1..67108864", help = "bytes for a client that resume reading")
        int bufferLow,
    @Option(value = "65536", in = "1..67108864", help = "bytes for a client that stop reading")
        int bufferHigh,
    @Option(value = "20000", in = "1..1000000", help = "requests at one time; above it 503")
        int maxStreams,
    @Option(value = "1024", in = "0..100000", help = "idle connections kept per event loop")
        int maxIdle,
    @Option(value = "10s", in = "0..1h", help = "longest end of streams after a stop")
        Duration drain,
    @Option(value = "1", in = "1..256", help = "event loops") int threads,
    HttpLimits http)
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
