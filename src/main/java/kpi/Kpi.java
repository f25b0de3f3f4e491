package kpi;

import static kpi.Direction.HIGHER;
import static kpi.Direction.LOWER;
import static kpi.Direction.NEUTRAL;

import java.util.Arrays;
import java.util.Optional;

/**
 * The catalogue: every KPI's name, unit, direction and definition, in this one place. Names are an
 * API: baselines, thresholds and reports are keyed by them.
 *
 * <p>A distribution is recorded in nanoseconds and reported in milliseconds, as percentiles; a
 * single figure is one number of a run. Figures of one process carry its name before a dot, such as
 * {@code llm.rss_max}.
 */
public enum Kpi {
  /** Time to first token. */
  TTFT("ttft", "ms", LOWER, "first non-empty content, from the intended start of the stream"),
  /** Inter-chunk gap. */
  GAP("gap", "ms", LOWER, "every gap between two neighbouring content events of a stream"),
  /** Inter-token latency. */
  ITL("itl", "ms", LOWER, "(e2e - ttft) / (tokens - 1), one value a stream"),
  /** End to end. */
  E2E(
      "e2e",
      "ms",
      LOWER,
      "the stream's last event, from its intended start; complete streams only"),
  /** Connect. */
  CONNECT(
      "connect", "ms", LOWER, "response headers, from the sending; a new TCP connection included"),
  /** Round trip. */
  RTT("rtt", "ms", LOWER, "a pong, from the due time of its ping"),
  /** Round trip without the injector's own lateness. */
  RTT_SENT("rtt_sent", "ms", LOWER, "a pong, from the sending of its ping"),
  /** From the producer to the client. */
  DELIVERY_LAG(
      "delivery_lag",
      "ms",
      LOWER,
      "a token or broadcast at its client, from the due time of its publication"),
  /** From a bid to a viewer. */
  BROADCAST_LAG(
      "broadcast_lag", "ms", LOWER, "an accepted bid at a viewer, from the due time of the bid"),
  /** Of the delivery lag, the producer's own part. */
  PUBLISH_LAG("publish_lag", "ms", LOWER, "a token accepted by the service, from its due time"),
  /** Of the delivery lag, the part up to Redis. */
  HOP_REDIS(
      "hop_redis",
      "ms",
      LOWER,
      "a token stored in Redis, which counts milliseconds, from its sending"),
  /** Of the delivery lag, the part up to the bridge. */
  HOP_BRIDGE("hop_bridge", "ms", LOWER, "a token at the bridge, from the hop before it"),
  /** Of the delivery lag, the part up to NATS. */
  HOP_NATS(
      "hop_nats",
      "ms",
      LOWER,
      "a token stored in NATS, from the bridge; of those read from the store"),
  /** Of the delivery lag, the part up to the adapter. */
  HOP_ADAPTER("hop_adapter", "ms", LOWER, "a token at the adapter, from the hop before it"),
  /** Of the delivery lag, the part up to the client. */
  HOP_CLIENT("hop_client", "ms", LOWER, "a token at its client, from the adapter"),
  /** Resuming a stream. */
  RECONNECT(
      "reconnect", "ms", LOWER, "first token of a resumed stream, from the request to resume it"),
  /** An accepted bid. */
  BID_ACCEPTED(
      "bid_accepted", "ms", LOWER, "the answer to a bid that was accepted, from its sending"),
  /** A rejected bid. */
  BID_REJECTED(
      "bid_rejected", "ms", LOWER, "the answer to a bid that was rejected, from its sending"),
  /** A read of the price. */
  BID_READ("bid_read", "ms", LOWER, "the answer to a read of an item's price, from its sending"),
  /** A read of an item by a user without bids. */
  BROWSE(
      "browse",
      "ms",
      LOWER,
      "the answer to a read of an item by a user without bids, from its sending"),
  /** A bid by an open schedule. */
  BID_DUE("bid_due", "ms", LOWER, "the answer to a bid, from the bid's due time; open schedules"),
  /** Lag of the injector behind its plan. */
  START_LAG("start_lag", "ms", LOWER, "how much later than planned the injector started a client"),
  /** Lag of the injector's event loops. */
  GENERATOR_LAG(
      "generator_lag", "ms", LOWER, "how late a 10 ms timer fires on the injector's event loops"),

  /** Success rate. */
  SUCCESS_RATE("success_rate", "%", HIGHER, "complete and correct streams / streams finished"),
  /** Goodput. */
  GOODPUT(
      "goodput", "%", HIGHER, "streams that met every SLO / streams finished, failures included"),
  /** Drift of the pace. */
  PACE_DRIFT(
      "pace_drift",
      "%",
      LOWER,
      "median over streams of |time from first to last token - planned time| / planned time"),
  /** Events received. */
  MESSAGES_PER_S("messages_per_s", "1/s", HIGHER, "events received / length of the measured phase"),
  /** Requests. */
  REQUESTS_PER_S(
      "requests_per_s", "1/s", NEUTRAL, "streams started / length of the measured phase"),
  /** Accepted bids. */
  ACCEPTED_PER_S(
      "accepted_per_s", "1/s", HIGHER, "bids accepted under steady load / length of that phase"),
  /** Decided bids. */
  DECIDED_PER_S(
      "decided_per_s",
      "1/s",
      HIGHER,
      "bids accepted or rejected under steady load / length of that phase"),
  /** Share of accepted bids. */
  ACCEPT_RATIO("accept_ratio", "%", NEUTRAL, "bids accepted / bids decided, under steady load"),
  /** Requests without the answer that was due. */
  ERROR_RATE(
      "error_rate",
      "%",
      LOWER,
      "requests without the answer that was due / requests, measured phase"),
  /** Load of a step. */
  OFFERED_PER_S("offered_per_s", "1/s", NEUTRAL, "bids due per second in a step of load"),
  /** The slowest bids of a step. */
  STEP_P99(
      "step_p99",
      "ms",
      LOWER,
      "99th percentile of a step's bid_due; a bid without an answer counts as long as it waited"),
  /** Lateness of the generator in a step. */
  WAKE_LAG(
      "wake_lag",
      "ms",
      LOWER,
      "99th percentile of the lateness of bids that waited for their due time in the generator"),
  /** The load at which the target breaks. */
  KNEE("knee", "1/s", HIGHER, "bids decided a second in the last step that kept every bound"),
  /** Lag of half of the viewers. */
  LAG_P50_BY_BID_MEDIAN(
      "broadcast_lag_p50_by_bid_median",
      "ms",
      LOWER,
      "median over the bids of each bid's own 50th percentile of broadcast_lag, most viewers"),
  /** The same of the worst bid. */
  LAG_P50_BY_BID_WORST(
      "broadcast_lag_p50_by_bid_worst",
      "ms",
      LOWER,
      "largest of the bids' own 50th percentiles of broadcast_lag, most viewers"),
  /** Lag of nearly all viewers. */
  LAG_P99_BY_BID_MEDIAN(
      "broadcast_lag_p99_by_bid_median",
      "ms",
      LOWER,
      "median over the bids of each bid's own 99th percentile of broadcast_lag, most viewers"),
  /** The same of the worst bid. */
  LAG_P99_BY_BID_WORST(
      "broadcast_lag_p99_by_bid_worst",
      "ms",
      LOWER,
      "largest of the bids' own 99th percentiles of broadcast_lag, most viewers"),
  /** Lag of the last viewer. */
  LAG_LAST_BY_BID_MEDIAN(
      "broadcast_lag_last_by_bid_median",
      "ms",
      LOWER,
      "median over the bids of the broadcast_lag of each bid's last viewer, most viewers"),
  /** The same of the worst bid. */
  LAG_LAST_BY_BID_WORST(
      "broadcast_lag_last_by_bid_worst",
      "ms",
      LOWER,
      "largest broadcast_lag of any bid's last viewer, most viewers"),
  /** Half of the viewers of a step. */
  STEP_LAG_P50(
      "step_lag_p50",
      "ms",
      LOWER,
      "50th percentile of broadcast_lag with the viewers of that step"),
  /** Nearly all viewers of a step. */
  STEP_LAG_P99(
      "step_lag_p99",
      "ms",
      LOWER,
      "99th percentile of broadcast_lag with the viewers of that step"),
  /** Growth of the lag with the viewers. */
  LAG_GROWTH_EXPONENT(
      "lag_growth_exponent",
      "",
      LOWER,
      "k of step_lag_p50 = a n^k for n viewers, least squares on logarithms; below 1 is"
          + " sub-linear"),
  /** Memory of a viewer. */
  RSS_PER_VIEWER(
      "rss_per_viewer",
      "KB",
      LOWER,
      "largest resident set in the measured phase less the first of the run / most viewers,"
          + " 10^3 bytes"),
  /** CPU cost. */
  CPU_US_PER_EVENT(
      "cpu_us_per_event", "us", LOWER, "CPU time of the process / events received, measured phase"),
  /** CPU use. */
  CPU_CORES("cpu_cores", "cores", LOWER, "CPU time of the process / length of the measured phase"),
  /** Memory. */
  RSS_MAX("rss_max", "MB", LOWER, "largest resident set of the process in any second, 10^6 bytes"),
  /** Growth of the resident memory. */
  RSS_GROWTH(
      "rss_growth",
      "MB",
      LOWER,
      "resident set at the end of the measured phase less at its start: median of 3 samples each"),
  /** Growth of the memory in use. */
  MEMORY_SLOPE(
      "memory_slope",
      "MB/s",
      LOWER,
      "Theil-Sen slope of memory in use under steady load: heap after collections + direct"
          + " buffers; resident set if no JVM"),
  /** Growth of the open descriptors. */
  FD_SLOPE("fd_slope", "1/s", LOWER, "Theil-Sen slope of open descriptors under steady load"),
  /** Growth of the live threads. */
  THREAD_SLOPE("thread_slope", "1/s", LOWER, "Theil-Sen slope of live threads under steady load"),
  /** Collector pauses. */
  GC_PAUSE_MAX("gc_pause_max", "ms", LOWER, "longest single collector pause of the injector"),
  /** Collector share. */
  GC_SHARE("gc_share", "%", LOWER, "share of the measured phase that the injector spent in pauses"),
  /** CPU of others. */
  FOREIGN_CPU(
      "foreign_cpu",
      "%",
      LOWER,
      "share of the machine's CPU used by programs outside the run, measured phase"),
  /** Agreement of clocks. */
  CLOCK_BOUND(
      "clock_bound",
      "ms",
      LOWER,
      "how far the clocks of producer and consumer may be apart; 0 if both read the same one"),
  /** Little's law. */
  LITTLES_LAW(
      "littles_law",
      "%",
      LOWER,
      "|N - X R| / N: sampled mean of open streams against rate times mean time in the system");

  private final String word;
  private final String unit;
  private final Direction direction;
  private final String definition;

  Kpi(String word, String unit, Direction direction, String definition) {
    this.word = word;
    this.unit = unit;
    this.direction = direction;
    this.definition = definition;
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

  /** Returns the name of this figure for one process. */
  public String of(String process) {
    return process + "." + word;
  }

  /** Returns the reported unit. */
  public String unit() {
    return unit;
  }

  /** Returns the better direction. */
  public Direction direction() {
    return direction;
  }

  /** Returns the exact definition in one line. */
  public String definition() {
    return definition;
  }

  /** Returns true for a KPI that is recorded value by value and reported as percentiles. */
  public boolean isDistribution() {
    return compareTo(SUCCESS_RATE) < 0;
  }
}
