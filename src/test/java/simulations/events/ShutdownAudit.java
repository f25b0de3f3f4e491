package simulations.events;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import simulations.events.ShutdownSettings.Kind;
import simulations.events.Stop.End;
import simulations.events.Stop.Seen;
import simulations.run.Checks;
import simulations.run.Checks.Finding;
import verdict.Numbers;

/** The checks of the shutdown simulation. */
public final class ShutdownAudit extends EventsAudit<ShutdownLoad> {
  private static final List<End> WRONG = List.of(End.UNANNOUNCED, End.CUT, End.HUNG);

  public ShutdownAudit(ShutdownLoad load) {
    super(load);
  }

  @Override
  public void check(Checks checks) {
    numbered(checks);
    closed(checks); // A server that was started a moment ago stalls while it loads its classes.
    checks.of("streams_ended_properly").judge(this::ended);
    checks.of("stopped_in_time").judge(this::inTime);
    checks.of("port_free").judge(this::portFree);
    checks
        .of("stages_played")
        .needs(load.played().size() == Kind.values().length, leftOut())
        .judge(this::played);
    resumes(checks);
  }

  private String leftOut() {
    return load.settings.server().isExternal()
        ? "The command of -Devents.stop cannot be given twice, or start the server again."
        : "-Dstages leaves some stages out.";
  }

  /** A stage without a stream that was open at the signal shows nothing. */
  private Finding played() {
    String words =
        load.stops.stream()
            .map(stop -> stop.kind().word() + " " + Numbers.count(open(stop)))
            .collect(Collectors.joining(", "));
    boolean all = load.stops.stream().allMatch(stop -> open(stop) > 0);
    return Finding.of(true, words, "> 0 each", "In each stage streams were open at the signal.", "")
        .onlyIf(all, "In one stage no stream was open at the signal.");
  }

  private static long open(Stop stop) {
    return stop.count(End.PROPER) + wrong(stop);
  }

  private static long wrong(Stop stop) {
    return WRONG.stream().mapToLong(stop::count).sum();
  }

  private Finding ended() {
    long proper = load.stops.stream().mapToLong(stop -> stop.count(End.PROPER)).sum();
    String wrong =
        load.stops.stream()
            .flatMap(
                stop ->
                    WRONG.stream().filter(end -> stop.count(end) > 0).map(end -> words(stop, end)))
            .collect(Collectors.joining("; "));
    long all = load.stops.stream().mapToLong(ShutdownAudit::open).sum();
    String figure = Numbers.count(proper) + " of " + Numbers.count(all);
    return Finding.of(
            proper == all,
            figure,
            "all",
            "Every stream that was open at the signal ended in order.",
            "Of the streams that were open at the signal, " + wrong + ".")
        .onlyIf(all > 0, "No stream was open at a signal.");
  }

  private static String words(Stop stop, End end) {
    return Numbers.count(stop.count(end)) + " " + end.words + " (" + stop.kind().word() + ")";
  }

  private Finding inTime() {
    double limitMs = EventsSettings.ms(load.plan.stopWithin());
    List<Seen> all = seen().toList();
    long late = all.stream().filter(each -> each.goneMs() < 0 || each.goneMs() > limitMs).count();
    double longest = all.stream().mapToDouble(Seen::goneMs).max().orElse(0);
    boolean killed = all.stream().anyMatch(each -> each.goneMs() < 0);
    String figure = killed ? "not at all" : Numbers.words(longest, "ms");
    String limit = "<= " + Numbers.words(limitMs, "ms");
    String bad = "%d of %d stops took longer than %s (-Dstop-within).";
    return Finding.of(
            late == 0,
            figure,
            limit,
            "The process was gone within " + figure + " of the signal.",
            bad.formatted(late, all.size(), Numbers.words(limitMs, "ms")))
        .onlyIf(!all.isEmpty(), "No server was stopped.");
  }

  private Finding portFree() {
    List<Seen> all = seen().toList();
    long bad = all.stream().filter(each -> !each.portFree() || !each.restarted()).count();
    String figure = all.size() - bad + " of " + all.size();
    return Finding.of(
            bad == 0,
            figure,
            "all",
            "After each stop the port was free for the next server.",
            bad + " times the port was not free after the stop, or no server could start there.")
        .onlyIf(!all.isEmpty(), "No server was stopped.");
  }

  private Stream<Seen> seen() {
    return load.stops.stream().flatMap(stop -> stop.seen().stream());
  }
}
