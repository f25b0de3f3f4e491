package simulations.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static simulations.run.Answers.assertAnswer;

import faults.ClockStep;
import faults.Direction;
import faults.Fault;
import faults.FaultPlan.Strike;
import faults.FaultRun;
import faults.FaultRun.Moment;
import faults.ProcessFault;
import faults.Refuse;
import faults.Reset;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import kpi.Distribution;
import kpi.Figure;
import kpi.Kpi;
import kpi.Timeline;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simulations.resilience.FaultLog.Part;
import simulations.resilience.FaultedSystem.Failure;
import simulations.resilience.FaultedSystem.Service;
import simulations.run.Checks.Finding;
import simulations.run.Clock;
import simulations.run.Seat;
import simulations.run.Seat.Connection;
import verdict.BidOperation;
import verdict.Check.Outcome;

/**
 * What is found of a fault that struck at 10 ms and whose repair took from 40 to 50 ms; the clocks
 * that were stepped, and the connections that were made anew.
 */
class AftermathTest {
  private static final long MS = 1_000_000;
  private static final Strike STRIKE =
      new Strike(Duration.ZERO, Duration.ofMillis(30), "redis", ProcessFault.KILL);
  private static final Strike STEP =
      new Strike(
          Duration.ZERO, Duration.ofSeconds(1), "bids", new ClockStep(Duration.ofMillis(500)));
  private static final Service SERVICE =
      new Service(
          "pings",
          Set.of(Kpi.RTT),
          Set.of(Kpi.RTT),
          Set.of(Kpi.DELIVERY_LAG),
          Set.of(),
          Set.of(),
          Set.of());

  @TempDir private Path folder;
  private final AtomicLong clockNs = new AtomicLong();
  private final AtomicLong made = new AtomicLong(7);
  private final Reconnections reconnections =
      new Reconnections(() -> Map.of("bids-redis", made.get(), "users-bids", made.get()));
  private Optional<Clock.Offset> offset = Optional.empty();
  private final SteppedClocks clocks = new SteppedClocks(whom -> offset);
  private FaultLog log;
  private Observed observed;

  @BeforeEach
  void observe() {
    log = new FaultLog(folder, new Timeline(clockNs::get, "start"));
    observed = new Observed(SERVICE, log, clockNs::get, () -> {});
    observed.from(0);
  }

  private void strikes() {
    report(Moment.STRUCK, 10);
    report(Moment.HEALING, 40);
    report(Moment.HEALED, 50);
  }

  private void report(Moment moment, long atMs) {
    log.accept(new FaultRun.Event(STRIKE, moment, atMs * MS, Optional.empty()));
  }

  private void took(Kpi kpi, long fromMs, long toMs) {
    clockNs.set(toMs * MS);
    observed.accept(kpi, (toMs - fromMs) * MS);
  }

  private Aftermath found(List<Failure> failures, List<Connection> user) {
    return new Aftermath.Evidence(failures, observed, List.of(user), Optional.empty())
        .of(log.windows().get(0), Long.MAX_VALUE);
  }

  @Test
  void what_no_request_and_no_client_saw_is_unknown() {
    strikes();
    Aftermath found = found(List.of(), List.of());
    assertThat(found.slowestMs()).isEmpty();
    assertThat(found.figures())
        .doesNotContainKeys(Kpi.RECOVERY, Kpi.BACKLOG_DRAIN, Kpi.HERD_SPREAD)
        .containsEntry(Kpi.REPAIR, 0.01);
  }

  @Test
  void a_latency_belongs_to_the_fault_if_any_part_of_it_lay_in_it() {
    took(Kpi.RTT, 1, 9);
    report(Moment.STRUCK, 10);
    took(Kpi.RTT, 8, 12);
    took(Kpi.RTT, 20, 27);
    report(Moment.HEALING, 40);
    took(Kpi.RTT, 41, 49);
    report(Moment.HEALED, 50);
    took(Kpi.RTT, 51, 90);
    assertThat(List.of(Part.values()).stream().map(observed::answers)).containsExactly(1L, 3L, 1L);
    assertThat(found(List.of(), List.of()).slowestMs()).hasValue(8);
  }

  @Test
  void the_service_is_there_with_what_began_after_the_last_failure_that_began_after_the_repair() {
    strikes();
    took(Kpi.DELIVERY_LAG, 39, 52);
    took(Kpi.DELIVERY_LAG, 45, 55);
    took(Kpi.DELIVERY_LAG, 71, 80);
    List<Failure> longBefore = List.of(new Failure(20 * MS, 90 * MS, true));
    assertThat(found(longBefore, List.of()).figures()).containsEntry(Kpi.RECOVERY, 0.005);
    List<Failure> again = List.of(new Failure(60 * MS, 70 * MS, true));
    assertThat(found(again, List.of()).figures()).containsEntry(Kpi.RECOVERY, 0.03);
    assertThat(found(again, List.of()).figures()).containsEntry(Kpi.FIRST_ERROR, 0.06);
  }

  @Test
  void a_client_is_back_with_its_first_connection_that_is_made() {
    strikes();
    List<Connection> user =
        List.of(
            new Connection(1 * MS, 2 * MS, 12 * MS, true),
            new Connection(20 * MS, Seat.NEVER, 21 * MS, true),
            new Connection(60 * MS, 65 * MS, 99 * MS, false));
    assertThat(found(List.of(), user).figures()).containsEntry(Kpi.CLIENTS_BACK, 0.015);
    assertThat(found(List.of(), user).figures()).containsEntry(Kpi.HERD_PEAK, 2.0);
    assertThat(found(List.of(), user.subList(0, 2)).figures()).doesNotContainKey(Kpi.CLIENTS_BACK);
  }

  @Test
  void a_backlog_is_drained_when_the_archive_has_what_was_accepted_a_second_before() {
    List<BidOperation> accepted = List.of(accepted(44_000, 51_000), accepted(46_000, 52_000));
    List<Backlog.Look> looks =
        List.of(look(40_000, 9), look(52_500, 0), look(53_000, 1), look(61_000, 2));
    assertThat(Backlog.drainedNs(looks, accepted, 50_000 * MS)).hasValue(61_000 * MS);
    assertThat(Backlog.drainedNs(looks.subList(1, 3), accepted, 50_000 * MS)).isEmpty();
  }

  private static Backlog.Look look(long atMs, long archived) {
    return new Backlog.Look(atMs * MS, archived);
  }

  private static BidOperation accepted(long callMs, long returnMs) {
    return new BidOperation.Accepted(callMs * MS, returnMs * MS, "ann", 100, OptionalLong.empty());
  }

  @Test
  void refusals_are_timed_by_phase_and_those_that_no_fault_explains_are_found() {
    strikes();
    Failure late = new Failure(80 * MS, 81 * MS, false);
    List<Failure> failures =
        List.of(new Failure(20 * MS, 23 * MS, true), new Failure(55 * MS, 57 * MS, true), late);
    Aftermath.Evidence seen =
        new Aftermath.Evidence(failures, observed, List.of(), Optional.empty());
    PhaseFigures figures = new PhaseFigures(log, seen, 0, 100 * MS);
    Distribution during = figures.refusals(Part.DURING);
    assertAnswer(during, Kpi.REFUSAL, 3.0);
    assertAnswer(figures.refusals(Part.AFTER), Kpi.REFUSAL, 2.0);
    assertThat(figures.failed(Part.AFTER)).isEqualTo(2);
    assertThat(figures.unexplained(29 * MS)).containsExactly(late);
    assertThat(figures.unexplained(30 * MS)).isEmpty();
  }

  /** Nothing is away while only a clock is wrong. */
  @Test
  void the_step_of_a_clock_explains_no_failure() {
    Strike step =
        new Strike(Duration.ZERO, STRIKE.length(), "bids", new ClockStep(STRIKE.length()));
    log.accept(new FaultRun.Event(step, Moment.STRUCK, 10 * MS, Optional.empty()));
    Failure meanwhile = new Failure(20 * MS, 23 * MS, true);
    Aftermath.Evidence seen =
        new Aftermath.Evidence(List.of(meanwhile), observed, List.of(), Optional.empty());
    PhaseFigures figures = new PhaseFigures(log, seen, 0, 100 * MS);
    assertThat(figures.failed(Part.DURING)).isOne();
    assertThat(figures.unexplained(30 * MS)).containsExactly(meanwhile);
  }

  @Test
  void clients_are_counted_by_their_time_and_of_several_faults_the_worst_counts() {
    strikes();
    List<Connection> user =
        List.of(
            new Connection(1 * MS, 2 * MS, 12 * MS, true),
            new Connection(60 * MS, 65 * MS, 99 * MS, true));
    Aftermath.Evidence seen =
        new Aftermath.Evidence(List.of(), observed, List.of(user, user), Optional.empty());
    Map<String, Figure> figures = new PhaseFigures(log, seen, 0, 100 * MS).figures();
    figures.keySet().retainAll(Set.of(Part.DURING.prefix() + Kpi.CLIENTS_PRESENT.word()));
    assertAnswer(figures, Kpi.CLIENTS_PRESENT, 0.1); // Two for 2 of 40 ms.
    Map<String, Figure> worst = PhaseFigures.worst(List.of(aftermath(1), aftermath(3)));
    assertAnswer(worst, Kpi.FIRST_ERROR, 1);
    assertAnswer(worst, Kpi.REPAIR, 6);
    assertAnswer(worst, Kpi.RECOVERY, 9);
    assertAnswer(worst, Kpi.BACKLOG_DRAIN, 12);
    assertAnswer(worst, Kpi.CLIENTS_BACK, 15);
    assertAnswer(worst, Kpi.HERD_SPREAD, 18);
    assertAnswer(worst, Kpi.HERD_PEAK, 21);
  }

  private Aftermath aftermath(int factor) {
    Map<Kpi, Double> figures = new EnumMap<>(Map.of(Kpi.FIRST_ERROR, 1.0 * factor));
    PhaseFigures.WORST.forEach(kpi -> figures.put(kpi, (figures.size() + 1.0) * factor));
    return new Aftermath(log.windows().get(0), figures, OptionalDouble.empty(), Map.of());
  }

  @Test
  void a_clock_that_was_off_as_planned_and_agreed_after_it_passes_and_is_stated() {
    read(Moment.STRUCK, 0);
    read(Moment.HEALING, -500 * MS - 1);
    read(Moment.HEALED, 1);
    Finding found = clocks.find();
    assertThat(found.outcome()).isEqualTo(Outcome.PASS);
    assertThat(found.reason())
        .startsWith("Against the injector's clock: bids 500 ms ahead while it was stepped, bids ");
  }

  @Test
  void a_clock_that_was_not_stepped_or_stayed_so_fails() {
    read(Moment.HEALING, 0);
    read(Moment.HEALED, -500 * MS);
    Finding found = clocks.find();
    assertThat(found.outcome()).isEqualTo(Outcome.FAIL);
    assertThat(found.reason()).contains("while it was stepped, bids 500 ms ahead after its repair");
  }

  @Test
  void a_clock_that_cannot_be_read_proves_nothing() {
    clocks.accept(new FaultRun.Event(STEP, Moment.HEALING, 0, Optional.empty()));
    read(Moment.HEALED, 0);
    assertThat(clocks.find().outcome()).isEqualTo(Outcome.INCONCLUSIVE);
  }

  private void read(Moment moment, long offsetNs) {
    offset = Optional.of(new Clock.Offset(offsetNs, MS));
    clocks.accept(new FaultRun.Event(STEP, moment, 0, Optional.empty()));
  }

  @Test
  void connections_are_counted_from_the_strike_to_the_repair() {
    strike("bids-redis", new Reset(Direction.BOTH), 60);
    assertThat(reconnections.mostPerS()).hasValue(30);
    strike("bids-redis", new Reset(Direction.BOTH), 20);
    assertThat(reconnections.mostPerS()).as("the most of all").hasValue(30);
  }

  @Test
  void links_of_users_refusals_and_proxies_outside_the_run_show_none() {
    strike("users-bids", new Reset(Direction.BOTH), 60);
    strike("bids-redis", new Refuse(), 60);
    strike("their-redis", new Reset(Direction.BOTH), 60);
    assertThat(reconnections.mostPerS()).isEmpty();
  }

  /** Two seconds long. */
  private void strike(String whom, Fault what, int connections) {
    Strike strike = new Strike(Duration.ofSeconds(made.get()), Duration.ofSeconds(2), whom, what);
    reconnections.accept(new FaultRun.Event(strike, Moment.STRUCK, 5_000 * MS, Optional.empty()));
    made.addAndGet(connections);
    reconnections.accept(new FaultRun.Event(strike, Moment.HEALING, 7_000 * MS, Optional.empty()));
  }
}
