package kpi;

import static kpi.Direction.HIGHER;
import static kpi.Direction.LOWER;
import static kpi.Direction.NEUTRAL;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * The catalogue: every KPI's name, unit, direction and definition, in this one place. Names are an
 * API: baselines, thresholds and reports are keyed by them.
 *
 * <p>A distribution, which has only a definition here, is recorded in nanoseconds and reported in
 * milliseconds, as percentiles; lower is better. A single figure is one number of a run. Figures of
 * one process carry its name before a dot, such as {@code llm.rss_max}.
 */
public enum Kpi {
  TTFT("first non-empty content, from the intended start of the stream"),
  GAP("every gap between two neighbouring content events of a stream"),
  ITL("(e2e - ttft) / (tokens - 1), one value a stream"),
  E2E("the stream's last event, from its intended start; complete streams only"),
  CONNECT(
      "response headers, or a viewer's first frame, from the sending; includes a TCP connection"),
  RTT("a pong, from the due time of its ping"),
  RTT_SENT("a pong, from the sending of its ping"),
  DELIVERY_LAG("a token or broadcast at its client, from the due time of its publication"),
  BROADCAST_LAG("an accepted bid at a viewer, from the due time of the bid"),
  PUBLISH_LAG("a token accepted by the service, from its due time"),
  HOP_REDIS(
      "a token stored in Redis, from its due time; the middle of the time that its ms leaves open"),
  HOP_BRIDGE("a token at the bridge, from the hop before it, or else from its due time"),
  HOP_NATS("a token stored in NATS, from the bridge; of those read from the store"),
  HOP_ADAPTER("a token at the adapter, from the hop before it"),
  HOP_CLIENT("a token at its client, from the adapter"),
  RECONNECT("first token of a resumed stream, from the request to resume it"),
  BID_ACCEPTED("the answer to a bid that was accepted, from its sending"),
  BID_REJECTED("the answer to a bid that was rejected, from its sending"),
  BID_READ("the answer to a read of an item's price, from its sending"),
  BROWSE("the answer to a read of an item by a user without bids, from its sending"),
  BID_DUE("the answer to a bid, from its due time by the schedule or its user's own pace"),
  START_LAG("how much later than planned the injector started a client"),
  GENERATOR_LAG("how late a 10 ms timer fires on the injector's event loops"),

  SUCCESS_RATE("%", HIGHER, "complete and correct streams / streams finished"),
  GOODPUT("%", HIGHER, "streams that met every SLO / streams finished, failures included"),
  GOOD_SECONDS(
      "%",
      HIGHER,
      "seconds with load in which no more than 1 % of the events, requests and open streams waited"
          + " longer than their SLO / seconds with load"),
  PACE_DRIFT(
      "%",
      LOWER,
      "median over streams of |time from first to last token - planned time| / planned time"),
  MESSAGES_PER_S("1/s", HIGHER, "events received / length of the measured phase"),
  REQUESTS_PER_S("1/s", NEUTRAL, "streams started / length of the measured phase"),
  ACCEPTED_PER_S("1/s", HIGHER, "bids accepted under steady load / length of that phase"),
  DECIDED_PER_S(
      "1/s", HIGHER, "bids accepted or rejected under steady load / length of that phase"),
  ACCEPT_RATIO("%", NEUTRAL, "bids accepted / bids decided, under steady load"),
  ERROR_RATE("%", LOWER, "requests without the answer that was due / requests, measured phase"),
  OFFERED_PER_S("1/s", NEUTRAL, "bids due per second in a step of load"),
  STEP_P99(
      "ms",
      LOWER,
      "99th percentile of a step's bid_due; a bid without an answer counts as long as it waited"),
  WAKE_LAG(
      "ms",
      LOWER,
      "99th percentile of the lateness of bids that waited for their due time in the generator"),
  KNEE("1/s", HIGHER, "bids decided a second in the last step that kept every bound"),
  BROADCAST_LAG_P50_BY_BID_MEDIAN(
      "ms",
      LOWER,
      "median over the bids of each bid's own 50th percentile of broadcast_lag, most viewers"),
  BROADCAST_LAG_P50_BY_BID_WORST(
      "ms", LOWER, "largest of the bids' own 50th percentiles of broadcast_lag, most viewers"),
  BROADCAST_LAG_P99_BY_BID_MEDIAN(
      "ms",
      LOWER,
      "median over the bids of each bid's own 99th percentile of broadcast_lag, most viewers"),
  BROADCAST_LAG_P99_BY_BID_WORST(
      "ms", LOWER, "largest of the bids' own 99th percentiles of broadcast_lag, most viewers"),
  BROADCAST_LAG_LAST_BY_BID_MEDIAN(
      "ms",
      LOWER,
      "median over the bids of the broadcast_lag of each bid's last viewer, most viewers"),
  BROADCAST_LAG_LAST_BY_BID_WORST(
      "ms", LOWER, "largest broadcast_lag of any bid's last viewer, most viewers"),
  STEP_LAG_P50("ms", LOWER, "50th percentile of broadcast_lag with the viewers of that step"),
  STEP_LAG_P99("ms", LOWER, "99th percentile of broadcast_lag with the viewers of that step"),
  LAG_GROWTH_EXPONENT(
      "",
      LOWER,
      "k of step_lag_p50 = a n^k for n viewers, least squares on logarithms; below 1 is"
          + " sub-linear"),
  RSS_PER_VIEWER(
      "KB",
      LOWER,
      "largest resident set in the measured phase less the first of the run / most viewers, 10^3"
          + " bytes"),
  CPU_US_PER_EVENT("us", LOWER, "CPU time of the process / events received, measured phase"),
  CPU_CORES("cores", LOWER, "CPU time of the process / length of the measured phase"),
  RSS_MAX("MB", LOWER, "largest resident set of the process in any second, 10^6 bytes"),
  RSS_GROWTH(
      "MB",
      LOWER,
      "resident set at the end of the measured phase less at its start: median of 3 samples each"),
  MEMORY_SLOPE(
      "MB/s",
      LOWER,
      "Theil-Sen slope of memory in use under steady load: heap after collections + direct buffers;"
          + " resident set if no JVM"),
  LIVE_HEAP_GROWTH(
      "MB",
      LOWER,
      "heap in use after a full collection, once the load has ended less before it began, 10^6"
          + " bytes"),
  FD_SLOPE("1/s", LOWER, "Theil-Sen slope of open descriptors under steady load"),
  THREAD_SLOPE("1/s", LOWER, "Theil-Sen slope of live threads under steady load"),
  GC_PAUSE_MAX("ms", LOWER, "longest single collector pause of the injector"),
  GC_SHARE("%", LOWER, "share of the measured phase that the injector spent in pauses"),
  GENERATOR_STALL("ms", LOWER, "largest generator_lag: how long an event loop stood still"),
  GENERATOR_STALL_AT("s", NEUTRAL, "start of generator_stall, from the start of the run"),
  FOREIGN_CPU(
      "%", LOWER, "share of the machine's CPU used by programs outside the run, measured phase"),
  STOLEN_CPU("%", LOWER, "share of the machine's CPU that its hypervisor gave to other machines"),
  FOREIGN_WAIT(
      "ms",
      LOWER,
      "mean wait of a thread of the run for a processor, each time it runs, x foreign_cpu / CPU in"
          + " use"),
  CLOCK_BOUND(
      "ms",
      LOWER,
      "how far the clocks of producer and consumer may be apart; 0 if both read the same one"),
  LITTLES_LAW(
      "%",
      LOWER,
      "|N - X R| / N: sampled mean of open streams against rate times mean time in the system");

  private final String word = name().toLowerCase(Locale.ROOT);
  private final String unit;
  private final Direction direction;
  private final String definition;
  private final boolean distribution;

  Kpi(String definition) {
    this("ms", LOWER, definition, true);
  }

  Kpi(String unit, Direction direction, String definition) {
    this(unit, direction, definition, false);
  }

  Kpi(String unit, Direction direction, String definition, boolean distribution) {
    this.unit = unit;
    this.direction = direction;
    this.definition = definition;
    this.distribution = distribution;
  }

  /** Returns the KPI of a name, with or without a process before the dot. */
  public static Optional<Kpi> named(String name) {
    String word = name.substring(name.lastIndexOf('.') + 1);
    return Arrays.stream(values()).filter(kpi -> kpi.word.equals(word)).findFirst();
  }

  /** Returns the name in files, thresholds and reports. */
  public String word() {
    return word;
  }

  public String of(String process) {
    return process + "." + word;
  }

  public String unit() {
    return unit;
  }

  public Direction direction() {
    return direction;
  }

  public String definition() {
    return definition;
  }

  /** Returns the counter of values that were no latency: below 0, or above an hour. */
  public String outside() {
    return word + "_outside";
  }

  /** Returns true for a KPI that is recorded value by value and reported as percentiles. */
  public boolean isDistribution() {
    return distribution;
  }
}
