package targets.proxy;

import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import settings.Checked;
import settings.Option;
import settings.SettingsReader;
import targets.shared.Listener;

/** The proxy's settings. */
record ProxySettings(
    Listener listener,
    @Option(
            value = "http://127.0.0.1:10081",
            help = "where requests go; of several, separated by commas, by turns")
        Upstreams upstream,
    @Option(value = "false", help = "pass /sse on as it is, like any other path") boolean straight,
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
    @Option(value = "10s", in = "0..1h", help = "longest end of streams after a stop")
        Duration drain,
    @Option(value = "1", in = "1..256", help = "event loops") int threads)
    implements Checked {
  /** Addresses that can stand for each other; requests name the first as their host. */
  record Upstreams(List<URI> all) {
    /** Reads {@code http://host:port}, or several of them separated by commas. */
    static Upstreams parse(String text) {
      return new Upstreams(Arrays.stream(text.split(",", -1)).map(Upstreams::address).toList());
    }

    private static URI address(String text) {
      try {
        URI url = new URI(text.strip());
        boolean rooted = url.getHost() != null && url.getPath().matches("/?");
        if (rooted && "http".equals(url.getScheme())) {
          return url;
        }
      } catch (URISyntaxException e) {
        // Falls through to the one sentence that covers every mistake.
      }
      throw new IllegalArgumentException(
          "must be http://host:port without a path, not '" + text + "'; TLS is not spoken");
    }

    String host() {
      return all.get(0).getRawAuthority();
    }

    /** Returns the address of a place, which may be larger than their number. */
    InetSocketAddress at(int place) {
      URI url = all.get(Math.floorMod(place, all.size()));
      return InetSocketAddress.createUnresolved(
          url.getHost(), url.getPort() < 0 ? 80 : url.getPort());
    }
  }

  @Override
  public void check(SettingsReader reader) {
    if (bufferLow > bufferHigh) {
      reader.error("buffer-low", "must not be above buffer-high");
    }
  }
}
