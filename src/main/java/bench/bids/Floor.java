package bench.bids;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import redis.clients.jedis.Jedis;
import stack.StackFailure;

/**
 * How many bids a second Redis itself decides with the service's own script, asked by {@code
 * redis-benchmark}: nothing that asks Redis for each bid can be faster.
 *
 * @param acceptedPerS if each one is accepted
 * @param rejectedPerS if each one is rejected
 */
record Floor(double acceptedPerS, double rejectedPerS) {
  private static final String SCRIPT = "/auction/bid.lua";
  private static final String LOG = "floor:events";
  private static final String STATUS = "floor:status";
  private static final String SEQUENCE = "floor:sequence";
  private static final String PRICE = "floor:price";

  /** No two prices are the same one, so that there is none yet. */
  private static final String NEW_PRICE = PRICE + ":__rand_int__";

  private static final long RANDOM_MAX = 1_000_000_000_000L;
  private static final String BACKLOG = "1000000000";
  private static final Pattern RATE = Pattern.compile("([0-9.]+) requests per second");

  /** A guess that fills about a second, to learn how many fill the time asked for. */
  private static final long GUESS = 20_000;

  /**
   * Asks Redis so.
   *
   * @param connections at once
   * @param seconds that each of the two should take
   * @param folder takes logs
   * @throws StackFailure if it cannot be asked
   */
  static Floor of(Tool benchmark, Jedis redis, int connections, long seconds, Path folder)
      throws InterruptedException {
    redis.mset(STATUS, "open", PRICE, "1000");
    String sha = redis.scriptLoad(script());
    Asking asking = new Asking(benchmark, redis, connections, folder);
    double accepted = asking.ask(sha, NEW_PRICE, "2000", seconds);
    double rejected = asking.ask(sha, PRICE, "500", seconds);
    redis.flushDB();
    return new Floor(accepted, rejected);
  }

  /** Decisions a second if such a share of them is accepted. */
  double perS(double acceptedShare) {
    return 1 / (acceptedShare / acceptedPerS + (1 - acceptedShare) / rejectedPerS);
  }

  /** The last rate that was printed. */
  static double rate(String printed) {
    Matcher matcher = RATE.matcher(printed);
    double rate = Double.NaN;
    while (matcher.find()) {
      rate = Double.parseDouble(matcher.group(1));
    }
    if (Double.isNaN(rate)) {
      throw new StackFailure("redis-benchmark told no rate:\n" + printed);
    }
    return rate;
  }

  private static String script() {
    try (var in = Floor.class.getResourceAsStream(SCRIPT)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new StackFailure("cannot read " + SCRIPT + " of the program itself", e);
    }
  }

  /** What the askings have in common. */
  private record Asking(Tool benchmark, Jedis redis, int connections, Path folder) {
    double ask(String sha, String price, String cents, long seconds) throws InterruptedException {
      double guess = rate(run(sha, price, cents, GUESS, seconds));
      return rate(run(sha, price, cents, Math.round(guess * seconds), seconds));
    }

    private String run(String sha, String price, String cents, long requests, long seconds)
        throws InterruptedException {
      String port = Integer.toString(redis.getConnection().getHostAndPort().getPort());
      List<String> words = new ArrayList<>();
      words.addAll(List.of("-h", "127.0.0.1", "-p", port, "-q"));
      words.addAll(List.of("-c", Integer.toString(connections)));
      words.addAll(List.of("-n", Long.toString(requests), "-r", Long.toString(RANDOM_MAX)));
      words.addAll(List.of("EVALSHA", sha, "6"));
      words.addAll(List.of(price, "floor:bidder", STATUS, SEQUENCE, LOG, "floor:request"));
      words.addAll(List.of("bench", cents, "user-1", "event-1", "bid-1", BACKLOG, "0"));
      Path log = folder.resolve(String.format(Locale.ROOT, "floor-%s.log", cents));
      String printed = benchmark.run(words, 4 * seconds, log);
      redis.del(LOG);
      return printed;
    }
  }
}
