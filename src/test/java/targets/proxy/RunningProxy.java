package targets.proxy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.stream.Stream;
import targets.shared.RunningTarget;
import targets.shared.TargetSpec;
import testing.RawClient;

/** A proxy in front of a test's upstream, which plays a script. */
public final class RunningProxy extends RunningTarget {
  private final ScriptedUpstream upstream;

  private RunningProxy(TargetSpec spec, ScriptedUpstream upstream, String... settings) {
    super(
        spec,
        Stream.concat(Stream.of("drain=1s", "upstream=" + upstream.url()), Stream.of(settings))
            .toArray(String[]::new));
    this.upstream = upstream;
  }

  /** Starts a proxy with settings {@code name=value}. */
  public static RunningProxy before(ScriptedUpstream.Script script, String... settings) {
    return before(ProxyServer.SPEC, script, settings);
  }

  public static RunningProxy before(
      TargetSpec spec, ScriptedUpstream.Script script, String... settings) {
    return new RunningProxy(spec, new ScriptedUpstream(script), settings);
  }

  public ScriptedUpstream upstream() {
    return upstream;
  }

  public RawClient client() throws IOException {
    return new RawClient(port());
  }

  public long counter(String name) {
    return metrics().get("proxy").get(name).asLong();
  }

  /** Waits until a counter has reached a value, at most 10 s; returns its last value. */
  public long awaitCounter(String name, long value) {
    return awaitMetrics(now -> now.get("proxy").get(name).asLong() == value)
        .get("proxy")
        .get(name)
        .asLong();
  }

  /** Drains and stops the proxy within the test. */
  void stop() {
    super.close();
  }

  @Override
  public void close() {
    super.close();
    try {
      upstream.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
