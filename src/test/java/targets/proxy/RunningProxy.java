package targets.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import targets.shared.RunningTarget;
import targets.shared.TargetSpec;
import testing.RawClient;
import testing.ScriptedServer;
import testing.ScriptedServer.Script;

/** A proxy in front of a test's upstream, which plays a script. */
public final class RunningProxy extends RunningTarget {
  private final ScriptedServer upstream;

  private RunningProxy(TargetSpec spec, ScriptedServer upstream, String... settings) {
    super(
        spec,
        Stream.concat(Stream.of("drain=1s", "upstream=" + upstream.url()), Stream.of(settings))
            .toArray(String[]::new));
    this.upstream = upstream;
  }

  /** Starts a proxy with settings {@code name=value}. */
  public static RunningProxy before(Script script, String... settings) {
    return before(ProxyServer.SPEC, script, settings);
  }

  public static RunningProxy before(TargetSpec spec, Script script, String... settings) {
    return new RunningProxy(spec, new ScriptedServer(script), settings);
  }

  /** Reads twenty events, each sent when the one before was received; returns how long it took. */
  public static long msOfTwentyEvents(TargetSpec spec, String... settings) throws Exception {
    SynchronousQueue<Boolean> received = new SynchronousQueue<>();
    Script script =
        (request, wire) -> {
          wire.beginStream();
          for (char event = 'a'; event < 'u'; event++) {
            wire.sendChunk("data: " + event + "\n\n");
            received.take();
          }
          wire.endStream();
        };
    try (RunningProxy proxy = before(spec, script, settings);
        RawClient client = proxy.client().get("/sse?client_id=1")) {
      assertThat(client.head()).containsIgnoringCase("transfer-encoding: chunked");
      long start = System.nanoTime();
      for (char event = 'a'; event < 'u'; event++) {
        assertThat(client.read(14)).isEqualTo("9\r\ndata: " + event + "\n\n\r\n");
        received.put(true);
      }
      assertThat(client.read(5)).isEqualTo("0\r\n\r\n");
      return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    }
  }

  public ScriptedServer upstream() {
    return upstream;
  }

  public RawClient client() throws IOException {
    return new RawClient(port());
  }

  public long counter(String name) {
    return metrics().get("proxy").get(name).asLong();
  }

  /** Waits until counters have values {@code name=value}. */
  public void awaitCounters(String... expected) {
    await(
        metrics ->
            Stream.of(expected)
                .map(each -> each.split("=", 2))
                .allMatch(each -> metrics.at("/proxy/" + each[0]).asText().equals(each[1])));
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
