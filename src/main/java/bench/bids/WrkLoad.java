package bench.bids;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import stack.StackFailure;

/**
 * Bids by {@code wrk}: each of its connections bids again as soon as it is answered, a cent more
 * than the bid that was sent before it by anybody. What overtakes another one on its way makes that
 * one lose; every eighth bid is far too low and must lose.
 */
final class WrkLoad {
  /** The item that all bid on. */
  static final String ITEM = "bench";

  private static final String SCRIPT =
      """
      local cents = FROM_CENTS
      wrk.method = "POST"
      wrk.headers["Content-Type"] = "application/json"
      request = function()
        cents = cents + 1
        local bid = cents % 8 == 0 and 1 or cents
        local body = string.format('{"user_id":"user-%d","amount":%d.%02d}',
          cents % 1000, math.floor(bid / 100), bid % 100)
        return wrk.format(nil, nil, nil, body)
      end
      done = function(summary, latency, requests)
        local e = summary.errors
        print(string.format("gauntlet %d %d %d %d %d %d %d %d",
          summary.requests, summary.duration, e.connect + e.read + e.write + e.timeout, e.status,
          latency:percentile(50), latency:percentile(95), latency:percentile(99), latency.max))
      end
      """;

  private static final Pattern TOLD = Pattern.compile("gauntlet((?: [0-9]+){8})");
  private static final double US_PER_S = 1e6;
  private static final double US_PER_MS = 1e3;

  private final Tool wrk;
  private final URI bids;
  private final Path folder;

  /**
   * @param bids the service
   * @param folder takes scripts and logs
   */
  WrkLoad(Tool wrk, URI bids, Path folder) {
    this.wrk = wrk;
    this.bids = bids;
    this.folder = folder;
  }

  /**
   * What wrk told.
   *
   * @param requests answered
   * @param seconds that it took
   * @param broken connections that were refused, cut or too late
   * @param refused answers from 400 on
   * @param p50Ms the median latency
   * @param p95Ms its 95th percentile
   * @param p99Ms its 99th percentile
   * @param maxMs the longest
   */
  record Told(
      long requests,
      double seconds,
      long broken,
      long refused,
      double p50Ms,
      double p95Ms,
      double p99Ms,
      double maxMs) {
    /** Bids that were accepted or rejected, in each second. */
    double decidedPerS() {
      return (requests - refused) / seconds;
    }
  }

  /**
   * Bids.
   *
   * @param users connections at once
   * @param seconds how long
   * @param fromCents above every bid so far
   * @throws StackFailure if wrk fails
   */
  Told bid(int users, long seconds, long fromCents) throws InterruptedException {
    Path script = folder.resolve("bid-" + users + ".lua");
    try {
      Files.writeString(script, SCRIPT.replace("FROM_CENTS", Long.toString(fromCents)));
    } catch (IOException e) {
      throw new StackFailure("cannot write " + script + ": " + e.getMessage(), e);
    }
    String url = bids.resolve("/api/v1/items/" + ITEM + "/bid").toString();
    return read(
        wrk.run(
            List.of(
                "-t1",
                "-c" + users,
                "-d" + seconds + "s",
                "--timeout",
                "10s",
                "-s",
                script + "",
                url),
            seconds,
            folder.resolve("wrk-" + users + ".log")));
  }

  /** Reads what the script printed at its end. */
  static Told read(String printed) {
    Matcher matcher = TOLD.matcher(printed);
    if (!matcher.find()) {
      throw new StackFailure("wrk told no figures:\n" + printed);
    }
    String[] words = matcher.group(1).strip().split(" ", -1);
    double[] us = new double[words.length];
    for (int word = 0; word < words.length; word++) {
      us[word] = Double.parseDouble(words[word]);
    }
    return new Told(
        (long) us[0],
        us[1] / US_PER_S,
        (long) us[2],
        (long) us[3],
        us[4] / US_PER_MS,
        us[5] / US_PER_MS,
        us[6] / US_PER_MS,
        us[7] / US_PER_MS);
  }
}
