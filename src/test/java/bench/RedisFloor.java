package bench;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import redis.clients.jedis.Jedis;
import stack.Command;
import stack.RedisServer;
import stack.StackFailure;

/** Bids a second that Redis alone decides by the bid service's script. */
record RedisFloor(double acceptedRps, double rejectedRps) {
  private static final String SCRIPT = "/auction/bid.lua";
  private static final String KEYS =
      "floor:bidder floor:status floor:sequence floor:events floor:request";
  private static final Duration BENCHMARK_BOUND = Duration.ofHours(2);
  private static final long WARMUP_BIDS = 20_000;
  private static final Pattern RATE = Pattern.compile("([0-9.]+) requests per second");

  /** Measures with {@code redis-benchmark} and a Redis of its own. */
  static RedisFloor beside(Stage stage, Duration duration) throws IOException {
    try (RedisServer redis = RedisServer.start(stage.folder().resolve("floor"));
        Jedis jedis = new Jedis(redis.url())) {
      jedis.mset("floor:status", "open", "floor:price", "1000");
      String sha = jedis.scriptLoad(script());
      return new RedisFloor(
          rps(redis.url(), sha + " 6 floor:price:__rand_int__", "2000", duration),
          rps(redis.url(), sha + " 6 floor:price", "500", duration));
    }
  }

  static double rps(String printed) {
    Matcher matcher = RATE.matcher(printed);
    double rate = Double.NaN;
    while (matcher.find()) {
      rate = Double.parseDouble(matcher.group(1));
    }
    if (Double.isNaN(rate)) {
      throw new StackFailure("redis-benchmark printed no rate:\n" + printed);
    }
    return rate;
  }

  private static double rps(URI url, String script, String cents, Duration duration) {
    double guess = rps(run(url, script, cents, WARMUP_BIDS));
    return rps(run(url, script, cents, Math.round(guess * duration.toSeconds())));
  }

  private static String run(URI url, String script, String cents, long bids) {
    String words =
        ("redis-benchmark -h %s -p %s -q -c 64 -n %s -r 1000000000000 EVALSHA %s %s"
                + " bench %s user-1 event-1 bid-1 1000000000 0")
            .formatted(url.getHost(), url.getPort(), bids, script, KEYS, cents);
    try {
      Command.Ended benchmark =
          Command.run(Path.of(""), BENCHMARK_BOUND, List.of(words.split(" ", -1)));
      if (!benchmark.isFine()) {
        throw new StackFailure("redis-benchmark failed:\n" + benchmark.output());
      }
      return benchmark.output();
    } catch (IOException e) {
      throw new StackFailure(
          "cannot run redis-benchmark: install it (Debian, Ubuntu: apt-get install redis-tools)",
          e);
    }
  }

  private static String script() throws IOException {
    try (var in = RedisFloor.class.getResourceAsStream(SCRIPT)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "redis-benchmark with the same script: %,.0f/s if accepted, %,.0f/s if rejected",
        acceptedRps,
        rejectedRps);
  }
}
