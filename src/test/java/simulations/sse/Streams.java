package simulations.sse;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.LongToDoubleFunction;
import java.util.function.UnaryOperator;
import kpi.Distribution;
import kpi.Figure;
import kpi.Kpi;
import kpi.Outcome;
import kpi.Percentiles;
import kpi.Phase;
import kpi.Recorders;
import kpi.RequestLog.Row;
import kpi.Stages;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import simulations.run.Faults;
import simulations.run.Recording;
import simulations.run.Slos;
import simulations.sse.SseSettings.StreamPlan;

/** The streams of one phase: their plan, their limits, and their recording. Thread-safe. */
final class Streams {
  private static final double PPB_PER_PERCENT = 1e7;
  private static final double NS_PER_S = 1e9;

  final Recording recording;
  final StreamPlan plan;
  final Rows rows;
  final boolean losesByTime;
  final Faults faults = new Faults();

  // Limits of a good stream.
  final long ttftNs;
  final long gapP99Ns;
  final long gapMaxNs;
  final long e2eNs;

  private final ConcurrentHistogram drift = new ConcurrentHistogram(3);
  private final Map<End, Ended> ended = new EnumMap<>(End.class);
  private final LongAccumulator firstSentNs = new LongAccumulator(Math::min, Long.MAX_VALUE);
  private final LongAccumulator lastEndNs = new LongAccumulator(Math::max, Long.MIN_VALUE);

  /**
   * No streams yet.
   *
   * @param losesByTime whether a stream that is given up has lost what it lacks; where faults hold
   *     streams up, it has failed
   */
  Streams(Recording recording, StreamPlan plan, Slos slos, Rows rows, boolean losesByTime) {
    this.recording = recording;
    this.plan = plan;
    this.rows = rows;
    this.losesByTime = losesByTime;
    this.ttftNs = slos.maxNs(Kpi.TTFT);
    this.gapP99Ns = slos.ns("gap.p99");
    this.gapMaxNs = slos.maxNs(Kpi.GAP);
    this.e2eNs = slos.maxNs(Kpi.E2E);
    for (End end : End.values()) {
      ended.put(end, new Ended());
    }
  }

  /**
   * Takes the row of each stream that ends.
   *
   * @param runS seconds of the run at a time in monotonic nanoseconds
   * @param masked the service's words without the secrets that it got
   */
  record Rows(LongToDoubleFunction runS, Consumer<Row> log, UnaryOperator<String> masked) {}

  /** How streams end, for figures apart. */
  private enum End {
    OK,
    FAILED,
    CANCELLED;

    static End of(Outcome outcome) {
      return outcome == Outcome.OK ? OK : outcome == Outcome.CANCELLED ? CANCELLED : FAILED;
    }
  }

  /** Streams that ended alike. */
  private static final class Ended {
    final LongAdder streams = new LongAdder();
    final LongAdder output = new LongAdder();
    final LongAdder input = new LongAdder();
    final LongAdder inputKnown = new LongAdder();
    final Recorders latencies = new Recorders();

    /** Adds means to the figures; what was never reported is absent. */
    void means(String prefix, Map<String, Figure> figures) {
      mean(prefix, Kpi.OUTPUT_TOKENS, output, streams, figures);
      mean(prefix, Kpi.INPUT_TOKENS, input, inputKnown, figures);
    }

    private static void mean(
        String prefix, Kpi kpi, LongAdder sum, LongAdder count, Map<String, Figure> figures) {
      if (count.sum() > 0) {
        figures.put(prefix + kpi.word(), Figure.of(kpi, (double) sum.sum() / count.sum()));
      }
    }
  }

  /**
   * Records the end of a stream, good or not.
   *
   * @param ttftNs time to the first token; below 0 if none came
   * @param input tokens by the service's count; below 0 if it did not report them
   */
  void ended(Outcome outcome, long sentNs, long ttftNs, long e2eNs, long input, long output) {
    Ended alike = ended.get(End.of(outcome));
    alike.streams.increment();
    alike.output.add(output);
    if (input >= 0) {
      alike.input.add(input);
      alike.inputKnown.increment();
    }
    if (ttftNs >= 0) {
      alike.latencies.of(Phase.MEASURE, Kpi.TTFT).record(ttftNs);
    }
    alike.latencies.of(Phase.MEASURE, Kpi.E2E).record(e2eNs);
    firstSentNs.accumulate(sentNs);
    lastEndNs.accumulate(recording.nowNs());
  }

  /** Returns the figures of tokens: of complete streams, and by outcome if there are several. */
  Map<String, Figure> figures() {
    Map<String, Figure> all = new LinkedHashMap<>();
    Ended ok = ended.get(End.OK);
    if (ok.streams.sum() > 0) {
      double spanS = (lastEndNs.get() - firstSentNs.get()) / NS_PER_S;
      double perS = ok.output.sum() / spanS;
      all.put(Kpi.OUTPUT_TOKENS_PER_S.word(), Figure.of(Kpi.OUTPUT_TOKENS_PER_S, perS));
      ok.means("", all);
    }
    Histogram itl = recording.of(Kpi.ITL).total();
    if (itl.getTotalCount() >= Percentiles.needed(50)) {
      double perUser = NS_PER_S / itl.getValueAtPercentile(50);
      Kpi kpi = Kpi.OUTPUT_TOKENS_PER_S_PER_USER;
      all.put(kpi.word(), Figure.of(kpi, perUser));
    }
    apart().forEach((prefix, alike) -> alike.means(prefix, all));
    return all;
  }

  /** Returns latencies by outcome, if there are several; after the last stream. */
  Map<String, Percentiles> distributions() {
    Map<String, Percentiles> all = new LinkedHashMap<>();
    apart()
        .forEach(
            (prefix, alike) ->
                alike
                    .latencies
                    .of(Phase.MEASURE)
                    .forEach((kpi, values) -> all.put(prefix + kpi.word(), of(kpi, values))));
    return all;
  }

  private static Percentiles of(Kpi kpi, Distribution values) {
    values.rotate();
    return Percentiles.of(kpi, values);
  }

  /** Returns the numbers of streams by outcome, if there are several. */
  Map<String, Long> counters() {
    Map<String, Long> all = new LinkedHashMap<>();
    apart().forEach((prefix, alike) -> all.put(prefix + "streams", alike.streams.sum()));
    return all;
  }

  /** Returns the outcomes that there were, by their prefix; none if every stream was whole. */
  private Map<String, Ended> apart() {
    Map<String, Ended> all = new LinkedHashMap<>();
    ended.forEach(
        (end, alike) -> {
          if (alike.streams.sum() > 0) {
            all.put(Stages.ended(end.name().toLowerCase(Locale.ROOT)), alike);
          }
        });
    return ended.get(End.OK).streams.sum() > 0 && all.size() == 1 ? Map.of() : all;
  }

  /** Records how far a whole stream of so many tokens was off its planned pace. */
  void paced(int tokens, long tookNs) {
    double plannedNs = plan.intervalMs() * 1e6 * (tokens - 1);
    drift.recordValue(Math.round(Math.abs(tookNs - plannedNs) / plannedNs * 1e9));
  }

  /** Returns the median over streams of how far the pace was off, in per cent; 100 if unknown. */
  double driftPct() {
    return drift.getTotalCount() == 0 ? 100 : drift.getValueAtPercentile(50) / PPB_PER_PERCENT;
  }
}
