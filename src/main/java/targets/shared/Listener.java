package targets.shared;

import java.time.Duration;
import settings.Option;

/**
 * Where a target listens, limits of its HTTP connections, of which one that reaches a limit is
 * closed and counted, and the origins of pages that may use it. The default port is that of the
 * {@link TargetSpec}.
 */
public record Listener(
    @Option(value = "127.0.0.1", help = "address to listen on") String host,
    @Option(in = "0..65535", help = "port to listen on, 0 for any free one") int port,
    @Option(value = "40000", in = "1..1000000", help = "connections at once; more are closed")
        int maxConnections,
    Times times,
    Origins origins) {
  /**
   * Time limits.
   *
   * @param headTimeout from the first byte of a request to the end of its head
   * @param bodyTimeout from there to the end of its body
   * @param httpIdle between requests
   */
  public record Times(
      @Option(value = "10s", in = "10ms..1h", help = "time limit for a request's head")
          Duration headTimeout,
      @Option(value = "30s", in = "10ms..1h", help = "time limit for a request's body")
          Duration bodyTimeout,
      @Option(value = "60s", in = "10ms..1d", help = "longest wait for a request")
          Duration httpIdle) {
    /** Returns the time after which a connection is closed for this reason. */
    public Duration of(Service.Cut why) {
      return switch (why) {
        case SLOW_HEAD -> headTimeout;
        case SLOW_BODY -> bodyTimeout;
        case FULL, IDLE -> httpIdle;
      };
    }
  }
}
