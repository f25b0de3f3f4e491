package kpi;

import static kpi.Direction.HIGHER;
import static kpi.Direction.LOWER;
import static kpi.Direction.NEUTRAL;
import static kpi.Regression.BY_FAULT;
import static kpi.Regression.GENERATOR;
import static kpi.Regression.HOP;
import static kpi.Regression.LATENCY;
import static kpi.Regression.LEAK;
import static kpi.Regression.LOAD;
import static kpi.Regression.MEASUREMENT;
import static kpi.Regression.OF_ALL;
import static kpi.Regression.OTHERS;
import static kpi.Regression.SHARE;
import static kpi.Regression.WORST;
import static kpi.Regression.atLeast;
import static kpi.Regression.notCompared;
import static kpi.Regression.rule;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * The catalogue: every KPI's name, unit, direction, definition and default regression rule, in this
 * one place. Names are an API: baselines, thresholds and reports are keyed by them.
 *
 * <p>A distribution, which has only a rule and a definition here, is recorded in nanoseconds and
 * reported in milliseconds, as percentiles. A single figure is one number of a run. Lower is better
 * where nothing else is said. Figures of one process carry its name before a dot, such as {@code
 * llm.rss_max}.
 */
public enum Kpi {
  TTFT(
      LATENCY,
      "first text, reasoning, refusal or tool call, from the intended start of the stream"),
  TTFO(LATENCY, "first text of a stream that begins with something else, from its intended start"),
  GAP(LATENCY, "every gap between two neighbouring events of a stream with such content"),
  ITL(
      LATENCY,
      "(e2e - ttft) / (tokens - 1), one value a stream; tokens as the service reports them, if so"),
  E2E(LATENCY, "the stream's last event, from its intended start; complete streams only"),
  CONNECT(
      LATENCY,
      "response headers, or a viewer's first frame, from the sending; includes a TCP connection"),
  RTT(LATENCY, "a pong, from the due time of its ping"),
  RTT_SENT(notCompared("contained in rtt"), "a pong, from the sending of its ping"),
  DELIVERY_LAG(LATENCY, "a token or broadcast at its client, from the due time of its publication"),
  BROADCAST_LAG(LATENCY, "an accepted bid at a viewer, from the due time of the bid"),
  PUBLISH_LAG(LATENCY, "a token accepted by the service, from its due time"),
  HOP_REDIS(
      HOP,
      "a token stored in Redis, from its due time; the middle of the time that its ms leaves open"),
  HOP_BRIDGE(HOP, "a token at the bridge, from the hop before it, or else from its due time"),
  HOP_NATS(HOP, "a token stored in NATS, from the bridge; of those read from the store"),
  HOP_ADAPTER(HOP, "a token at the adapter, from the hop before it"),
  HOP_CLIENT(HOP, "a token at its client, from the adapter"),
  RECONNECT(LATENCY, "first token of a resumed stream, from the request to resume it"),
  BID_ACCEPTED(LATENCY, "the answer to a bid that was accepted, from its sending"),
  BID_REJECTED(LATENCY, "the answer to a bid that was rejected, from its sending"),
  BID_READ(LATENCY, "the answer to a read of an item's price, from its sending"),
  BROWSE(LATENCY, "the answer to a read of an item by a user without bids, from its sending"),
  BID_DUE(LATENCY, "the answer to a bid, from its due time by the schedule or its user's own pace"),
  REFUSAL(BY_FAULT, "a request that failed without an answer, or was refused, from its sending"),
  START_LAG(GENERATOR, "how much later than planned the injector started a client"),
  GENERATOR_LAG(GENERATOR, "how late a 10 ms timer fires on the injector's event loops"),

  SUCCESS_RATE(
      "%",
      HIGHER, OF_ALL, "complete and correct streams / streams finished, cancelled ones left out"),
  GOODPUT(
      "%",
      HIGHER,
      OF_ALL,
      "streams that met every SLO / streams finished, failures included, cancelled ones left out"),
  FAST_UNAFFECTED(
      "%",
      HIGHER,
      OF_ALL,
      "time of fast clients in which no event was overdue, beside slow and frozen clients / without"
          + " them"),
  GOOD_SECONDS(
      "%",
      HIGHER,
      rule("warn 0.5 threshold fail 1.25 threshold"),
      "seconds with load in which no more than 1 % of the events, requests and open streams waited"
          + " longer than their SLO / seconds with load"),
  PACE_DRIFT(
      "%",
      atLeast("0.5 %"),
      "median over streams of |time from first to last token - planned time| / planned time"),
  OUTPUT_TOKENS_PER_S(
      "tokens/s",
      HIGHER,
      notCompared("messages_per_s is compared"),
      "output tokens of complete streams / time from the first request to the last end"),
  OUTPUT_TOKENS_PER_S_PER_USER(
      "tokens/s",
      HIGHER,
      notCompared("itl is compared"),
      "median over complete streams of 1 / itl"),
  OUTPUT_TOKENS(
      "tokens",
      NEUTRAL,
      LOAD,
      "mean of streams; as the service reports them, else its events with content"),
  INPUT_TOKENS("tokens", NEUTRAL, LOAD, "mean of the streams whose service reports them"),
  MESSAGES_PER_S("1/s", HIGHER, SHARE, "events received under steady load / length of that load"),
  EVENTS_PER_S(
      "1/s", HIGHER, SHARE, "events received in a stage of the load / length of its level load"),
  REQUESTS_PER_S("1/s", NEUTRAL, LOAD, "streams started under steady load / length of that load"),
  ACCEPTED_PER_S("1/s", HIGHER, SHARE, "bids accepted under steady load / length of that phase"),
  DECIDED_PER_S(
      "1/s", HIGHER, SHARE, "bids accepted or rejected under steady load / length of that phase"),
  ACCEPT_RATIO(
      "%",
      NEUTRAL,
      notCompared("neither better nor worse"),
      "bids accepted / bids decided, under steady load"),
  ERROR_RATE(
      "%", atLeast("0.5 %"), "requests without the answer that was due / requests, measured phase"),
  OFFERED_PER_S("1/s", NEUTRAL, LOAD, "bids due per second in a step of load"),
  STEP_P99(
      "ms",
      notCompared("the last step is meant to break; knee is compared"),
      "99th percentile of a step's bid_due; a bid without an answer counts as long as it waited"),
  WAKE_LAG(
      "ms",
      GENERATOR,
      "99th percentile of the lateness of bids that waited for their due time in the generator"),
  KNEE(
      "1/s",
      HIGHER,
      rule("warn threshold fail 2 threshold"),
      "bids decided a second in the last step that kept every bound"),
  CLIENTS_PRESENT("", HIGHER, BY_FAULT, "mean number of connected clients in a phase of faults"),
  FIRST_ERROR("s", NEUTRAL, BY_FAULT, "first failed request after a strike; the earliest of all"),
  REPAIR("s", NEUTRAL, BY_FAULT, "from the start of a repair until the part answers"),
  RECOVERY("s", BY_FAULT, "from a repair's end until requests are answered, none fails"),
  BACKLOG_DRAIN("s", BY_FAULT, "from the end of a repair until the archive is 1 s behind"),
  CLIENTS_BACK("s", BY_FAULT, "from a repair's end until all who were cut off are back"),
  HERD_SPREAD(
      "s", NEUTRAL, BY_FAULT, "first to last reconnection after a repair; the longest of all"),
  HERD_PEAK("1/s", BY_FAULT, "most connections that were requested again within a second"),
  BROADCAST_LAG_P50_BY_BID_MEDIAN(
      "ms",
      atLeast("1 ms"),
      "median over the bids of each bid's own 50th percentile of broadcast_lag, most viewers"),
  BROADCAST_LAG_P50_BY_BID_WORST(
      "ms", WORST, "largest of the bids' own 50th percentiles of broadcast_lag, most viewers"),
  BROADCAST_LAG_P99_BY_BID_MEDIAN(
      "ms",
      atLeast("10 ms"),
      "median over the bids of each bid's own 99th percentile of broadcast_lag, most viewers"),
  BROADCAST_LAG_P99_BY_BID_WORST(
      "ms", WORST, "largest of the bids' own 99th percentiles of broadcast_lag, most viewers"),
  BROADCAST_LAG_LAST_BY_BID_MEDIAN(
      "ms",
      atLeast("10 ms"),
      "median over the bids of the broadcast_lag of each bid's last viewer, most viewers"),
  BROADCAST_LAG_LAST_BY_BID_WORST(
      "ms", WORST, "largest broadcast_lag of any bid's last viewer, most viewers"),
  STEP_LAG_P50(
      "ms", atLeast("1 ms"), "50th percentile of broadcast_lag with the viewers of that step"),
  STEP_LAG_P99(
      "ms", atLeast("10 ms"), "99th percentile of broadcast_lag with the viewers of that step"),
  LAG_GROWTH_EXPONENT(
      "",
      atLeast("0.2"),
      "k of step_lag_p50 = a n^k for n viewers, least squares on logarithms; below 1 is"
          + " sub-linear"),
  STOP_TIME(
      "ms",
      atLeast("200 ms"),
      "from the first SIGTERM to the end of a server's process, the slowest of a stage"),
  RSS_PER_VIEWER(
      "KB",
      atLeast("10 KB"),
      "largest resident set in the measured phase less the first of the run / most viewers, 10^3"
          + " bytes"),
  CPU_US_PER_EVENT(
      "us", atLeast("10 us"), "CPU time of the process / events received, both under steady load"),
  CPU_CORES(
      "cores",
      notCompared("cpu_us_per_event times the rate of events"),
      "CPU time of the process under steady load / length of that load"),
  CPU_S(
      "s",
      notCompared("cpu_us_per_event is compared"),
      "CPU time of the process in the measured phase, its ramp and drain included"),
  RSS_MAX("MB", atLeast("10 MB"), "largest resident set of the process in any second, 10^6 bytes"),
  RSS_GROWTH(
      "MB",
      rule("warn 2.5 threshold at least 10 MB"),
      "resident set at the end of the measured phase less at its start: median of 3 samples each"),
  MEMORY_SLOPE(
      "MB/s",
      LEAK,
      "Theil-Sen slope of memory in use under steady load: heap after collections + direct buffers;"
          + " resident set if no JVM"),
  LIVE_HEAP_GROWTH(
      "MB",
      LEAK,
      "heap in use after a full collection, once the load has ended less before it began, 10^6"
          + " bytes"),
  HEAP_PER_STREAM(
      "KB",
      LEAK,
      "live_heap_growth / streams begun in the measured phase: what each has left behind, 10^3"
          + " bytes"),
  FD_SLOPE("1/s", LEAK, "Theil-Sen slope of open descriptors under steady load"),
  THREAD_SLOPE("1/s", LEAK, "Theil-Sen slope of live threads under steady load"),
  GC_PAUSE_MAX("ms", GENERATOR, "longest single collector pause of the injector"),
  GC_SHARE("%", GENERATOR, "share of the measured phase that the injector spent in pauses"),
  GENERATOR_STALL("ms", GENERATOR, "largest generator_lag: how long an event loop stood still"),
  GENERATOR_STALL_AT(
      "s", NEUTRAL, GENERATOR, "start of generator_stall, from the start of the run"),
  FOREIGN_CPU(
      "%", OTHERS, "share of the machine's CPU used by programs outside the run, measured phase"),
  STOLEN_CPU("%", OTHERS, "share of the machine's CPU that its hypervisor gave to other machines"),
  FOREIGN_WAIT(
      "ms",
      OTHERS,
      "mean wait of a thread of the run for a processor, each time it runs, x foreign_cpu / CPU in"
          + " use"),
  CLOCK_BOUND(
      "ms",
      MEASUREMENT,
      "how far the clocks of producer and consumer may be apart; 0 if both read the same one"),
  LITTLES_LAW(
      "%",
      MEASUREMENT,
      "larger of |N - X R| / U and X R / U - 1: sampled open streams N, rate X, time R, users U");

  private final String word = name().toLowerCase(Locale.ROOT);
  private final String unit;
  private final Direction direction;

  @SuppressWarnings("ImmutableEnumChecker") // A record of strings.
  private final Regression regression;

  private final String definition;
  private final boolean distribution;

  Kpi(Regression regression, String definition) {
    this("ms", LOWER, regression, definition, true);
  }

  Kpi(String unit, Regression regression, String definition) {
    this(unit, LOWER, regression, definition);
  }

  Kpi(String unit, Direction direction, Regression regression, String definition) {
    this(unit, direction, regression, definition, false);
  }

  Kpi(
      String unit,
      Direction direction,
      Regression regression,
      String definition,
      boolean distribution) {
    this.unit = unit;
    this.direction = direction;
    this.regression = regression;
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

  /** Returns how much worse than its baseline it may be. */
  public Regression regression() {
    return regression;
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
