package verdict;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import kpi.Distribution;
import kpi.Kpi;
import kpi.KpiReport;
import kpi.Percentiles;
import kpi.Tally;
import org.HdrHistogram.Recorder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import verdict.Check.Outcome;

/** Faults of the recorders themselves, each of which must make a run invalid by its check. */
class RecordedTest {
  private static final int STREAMS = 1_000;
  private static final int PINGS = 5;

  private final Tally tally = new Tally();
  private long values;

  /** A planted fault, and the check that finds it. */
  private enum Fault {
    NONE(""),
    VALUE_LOST("samples_recorded"),
    VALUE_TWICE("samples_recorded"),
    PONG_NOT_TIMED("samples_recorded"),
    MICROSECONDS("figures_ordered"),
    STREAM_TWICE("streams_accounted"),
    STREAM_LOST("streams_accounted"),
    START_TWICE("streams_accounted");

    private final String check;

    Fault(String check) {
      this.check = check;
    }

    /** One in a thousand. */
    boolean strikes(long number, Fault fault) {
      return this == fault && number % STREAMS == STREAMS - 1;
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_fault_of_one_in_a_thousand_or_a_wrong_unit_is_found(Fault fault) {
    Distribution rtt = new Distribution(faulty(fault), Long.MAX_VALUE, unused -> {});
    for (int stream = 0; stream < STREAMS; stream++) {
      stream(rtt, stream, fault);
    }
    rtt.rotate();
    assertThat(invalid(rtt)).isEqualTo(fault == Fault.NONE ? List.of() : List.of(fault.check));
  }

  private void stream(Distribution rtt, int stream, Fault fault) {
    if (fault.strikes(stream, Fault.STREAM_LOST)) {
      return;
    }
    tally.start(stream);
    if (fault.strikes(stream, Fault.START_TWICE)) {
      tally.start(stream);
    }
    for (int ping = 0; ping < PINGS; ping++) {
      tally.add("pongs_received", 1);
      if (!fault.strikes(stream, Fault.PONG_NOT_TIMED)) {
        rtt.record(1_000_000 + stream * 1_000L + ping);
      }
    }
    tally.end(kpi.Outcome.OK, stream + 1);
    if (fault.strikes(stream, Fault.STREAM_TWICE)) {
      tally.start(stream);
      tally.end(kpi.Outcome.OK, stream + 1);
    }
  }

  private Recorder faulty(Fault fault) {
    return new Recorder(1, Distribution.MAX_NS, Distribution.DIGITS) {
      @Override
      public void recordValue(long ns) {
        values++;
        if (!fault.strikes(values, Fault.VALUE_LOST)) {
          super.recordValue(fault == Fault.MICROSECONDS ? ns / 1_000 : ns);
        }
        if (fault.strikes(values, Fault.VALUE_TWICE)) {
          super.recordValue(ns);
        }
      }
    };
  }

  private List<String> invalid(Distribution rtt) {
    SampleRun run = new SampleRun(1);
    run.counters.putAll(tally.counters());
    run.counters.putAll(Map.of(Recorded.BEGUN, (long) STREAMS, Recorded.ACTIVE, 0L));
    run.kpis.put("rtt", Percentiles.of(Kpi.RTT, rtt));
    run.kpis.put("rtt_sent", Percentiles.of(Kpi.RTT_SENT, rtt));
    KpiReport report = run.report();
    return Stream.of(
            Recorded.accounted(report), Recorded.ordered(report), Recorded.complete(report))
        .filter(check -> check.outcome() == Outcome.INVALID)
        .map(Check::name)
        .toList();
  }
}
