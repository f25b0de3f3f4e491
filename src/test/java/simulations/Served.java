package simulations;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import stack.NatsServer;
import stack.RedisServer;
import stack.TargetProcess;

/** Bundled targets, each in a small process of its own, for simulations to reach. */
public final class Served {
  private static final List<String> SMALL =
      List.of("-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

  private Served() {}

  /** Starts a target, whose log is a file of the folder, and waits until it is ready. */
  public static TargetProcess start(Path folder, String name, String... options) {
    Path log = folder.resolve(name + ".log");
    return TargetProcess.launch(new TargetProcess.Spec(name, SMALL, List.of(options), log))
        .awaitReady();
  }

  /** Starts a bid service on servers of the test. */
  public static TargetProcess bids(
      Path folder, RedisServer redis, NatsServer nats, String... more) {
    String[] servers = {"--redis", redis.url().toString(), "--nats", nats.url().toString()};
    return start(
        folder, "bids", Stream.of(servers, more).flatMap(Stream::of).toArray(String[]::new));
  }
}
