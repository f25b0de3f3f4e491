package simulations.events;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import simulations.run.Checks;
import simulations.run.Checks.Finding;
import simulations.run.TargetCounters;
import verdict.Check.Outcome;
import verdict.Numbers;

/**
 * The checks that the simulations of an event server share.
 *
 * @param faults returns why streams failed, in words; empty if none did
 */
record EventsAudit(EventsTargets targets, EventsSettings.Server server, Supplier<String> faults) {
  private static final Duration SETTLE_BOUND = Duration.ofSeconds(5);
  private static final String OPEN = "/streams_open";
  private static final String STALLS = "/loop_stalls";
  private static final String LONGEST = "/loop_stall_max_ms";
  private static final String UPTIME = "/uptime_seconds";

  /** Stalls a second, garbage collections and the lack of a CPU left out. */
  private static final double STALLS_MAX_PER_S = 1;

  private static final String REGISTERED = "/registered_events";
  private static final String DESCRIPTORS = "/process/open_fds";

  /** Descriptors that the server may take once: logs, probes, classes that it loads. */
  private static final int DESCRIPTORS_MAX = 10;

  /** Waits until the server has nothing of any client left. */
  void settle() {
    TargetCounters counters = targets.counters();
    TargetCounters.settle(
        SETTLE_BOUND,
        List.of(counters),
        () ->
            counters.value(OPEN) == 0
                && counters.value(REGISTERED) == 0
                && counters.delta(DESCRIPTORS) <= DESCRIPTORS_MAX);
  }

  /** Declares that the server keeps neither registrations nor descriptors of clients that left. */
  void returns(Checks checks) {
    returned(checks, "registered_events_return", REGISTERED, 0, "streams are registered");
    returned(checks, "descriptors_return", DESCRIPTORS, DESCRIPTORS_MAX, "descriptors are open");
  }

  private void returned(Checks checks, String name, String pointer, long most, String what) {
    TargetCounters counters = targets.counters();
    checks
        .of(name)
        .reads(targets.counted(), EventsTargets.NO_COUNTERS, pointer)
        .judge(
            () -> {
              long more = counters.delta(pointer);
              String figure = Numbers.count(more) + " more";
              String bad = " than before the load, though every client has left.";
              return Finding.of(
                  more <= most,
                  figure,
                  "<= " + most,
                  "No more " + what + " than before the load.",
                  figure + " " + what + bad);
            });
  }

  /** Declares what holds of events and of the server while nothing strikes it. */
  void events(Checks checks) {
    numbered(checks);
    loops(checks);
    closed(checks);
    checks
        .of("streams_sound")
        .needs(server.isExternal(), "Faults of the bundled server are judged one by one.")
        .judge(
            () -> {
              String words = faults.get();
              boolean none = words.isEmpty();
              String reason = none ? "Every stream was opened and read." : words + ".";
              return new Finding(none ? Outcome.PASS : Outcome.WARN, "", "none", reason);
            });
  }

  /** Declares that every event came once, in order and with its number in the data. */
  void numbered(Checks checks) {
    none(checks, "no_event_lost", "events_lost", "never came");
    none(checks, "no_event_duplicated", "events_duplicated", "came twice");
    none(checks, "events_in_order", "events_swapped", "came after a later one");
    none(checks, "data_match_ids", "events_wrong", "had the data of another number");
    String known = "The plan of each stream says when it ends.";
    checks.goesOn(Optional.of(known).filter(unused -> server.isPlanned()));
  }

  /** Declares that no stream is left open at the server. */
  void closed(Checks checks) {
    returned(checks, "streams_closed", OPEN, 0, "streams are open");
  }

  /** Declares that no task held an event loop: apart from a few, by first uses of classes. */
  private void loops(Checks checks) {
    TargetCounters counters = targets.counters();
    checks
        .of("loop_stalls")
        .reads(targets.counted(), EventsTargets.NO_COUNTERS, STALLS, UPTIME)
        .judge(
            () -> {
              double perS = (double) counters.delta(STALLS) / Math.max(1, counters.delta(UPTIME));
              String figure = Numbers.words(perS, "1/s");
              String longest = counters.value(LONGEST) + " ms";
              return Finding.of(
                  perS <= STALLS_MAX_PER_S,
                  figure,
                  "<= " + Numbers.words(STALLS_MAX_PER_S, "1/s"),
                  "No task of the server held its event loops again and again.",
                  "Tasks of the server held its event loops for over 10 ms, %s, the longest for %s."
                      .formatted(figure, longest));
            });
  }

  private void none(Checks checks, String name, String counter, String wrong) {
    checks
        .of(name)
        .needs(server.isPlanned(), EventsSettings.UNPLANNED)
        .none(counter, "events", wrong);
  }

  /** Declares that a stream continues behind the event that its client named. */
  void resumes(Checks checks) {
    long resumes = checks.count("resumes");
    checks
        .of("resume_lossless")
        .needs(server.isPlanned(), EventsSettings.UNPLANNED)
        .needs(resumes > 0, "No client resumed a stream (-Dresumers).")
        .none(
            "resumes_inexact",
            "resumed streams of " + Numbers.count(resumes),
            "did not bring every number exactly once");
  }
}
