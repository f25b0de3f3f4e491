package simulations.sse;

import static kpi.Outcome.CANCELLED;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import kpi.Phase;
import kpi.SharedCounters;
import kpi.SharedCounters.Reading;
import kpi.Tally;
import simulations.run.Audit;
import simulations.run.Checks;
import simulations.run.Checks.Finding;
import simulations.run.OpenArrivals;
import simulations.run.Recording;
import simulations.run.TargetCounters;
import verdict.Check.Outcome;
import verdict.Numbers;

/** Reconciles a whole run: events sent by the token server, passed on, and received. */
public record SseAudit(SseLoad load, SseTargets targets) implements Audit {
  private static final Duration SETTLE_BOUND = Duration.ofSeconds(10);
  private static final int FAULTS_MAX_PCT = 1;
  private static final String SENT = "/events_completed";
  private static final String PASSED_ON = "/proxy/proxied_messages_completed";
  private static final String ABORTED = "/aborted_streams";

  @Override
  public void settle() {
    load.log.close();
    TargetCounters.settle(
        SETTLE_BOUND,
        counted(),
        () ->
            targets.llm().stream().allMatch(llm -> llm.value("/active_streams") == 0)
                && targets.proxies().stream()
                    .allMatch(proxy -> proxy.value("/proxy/active_connections") == 0));
  }

  private List<TargetCounters> counted() {
    return Stream.concat(targets.proxies().stream(), targets.llm().stream()).toList();
  }

  private long received() {
    return ofPhases(recording -> recording.counted("events_in_done_streams"));
  }

  @Override
  public void check(Checks checks) {
    boolean textKnown = load.settings.verifyText();
    checks.tokens(textKnown, Checks.NO_TEXT, textKnown);
    checks.of("streams_sound").judge(this::sound);
    String lacking = "lacked either the reason of their end or their last event, %s";
    lacking = lacking.formatted(load.settings.api().last);
    checks.of("streams_terminated").none("streams_unterminated", "streams", lacking);
    Checks.Declared conserved =
        checks
            .of("events_conserved")
            .needs(hasBoth(), "Needs the counters of proxy and token server (-Dllm.url).")
            .reads(targets.llm(), "", SENT)
            .whole(counted());
    targets.proxies().forEach(proxy -> conserved.reads(proxy, PASSED_ON));
    conserved
        .overAll(this::eventsOfAll)
        .counted(
            "clients",
            "Every event that the token server sent went through the proxy and reached a client.",
            "Events sent by llm, counted by proxy and received differ: %s.");
    checks
        .of("leavers_cancel_upstream")
        .reads(targets.llm(), "Needs the counters of the token server (-Dllm.url).", ABORTED)
        .whole(counted())
        .overAll(this::cancelledOfAll)
        .needs(left() > 0, "No client left in the middle of a stream (-Dleavers, -Dcancel).")
        .counted(
            "left or broken",
            "Whenever a client left, its upstream stream was cancelled.",
            "Clients left in the middle, or their upstreams broke by request, but the token server"
                + " counted another number of aborted streams: %s.");
    checks
        .of("arrivals_served")
        .needs(load.open.isPresent(), "Clients begin their own next stream (-Darrivals=closed).")
        .judge(() -> served(load.open.orElseThrow()));
    checks
        .validity("requests_logged")
        .none(load.log.dropped(), "streams", "lack their row in requests.jsonl");
    checks
        .of("broken_upstream_shown")
        .needs(load.settings.breakers() > 0, "There were no breakers in this run.")
        .judge(() -> broken(load.brokenSeen.get(), load.brokenHidden.get()));
  }

  /** A few faults deserve a look; more are the service's failure. */
  private Finding sound() {
    Streams streams = load.streams(Phase.MEASURE);
    Tally tally = streams.recording.tally();
    long ended = tally.judged();
    long bad = tally.failed();
    String reason = bad == 0 ? "Every stream was opened, right and whole." : faults(streams);
    boolean few = 100 * bad <= FAULTS_MAX_PCT * ended;
    Outcome outcome = bad == 0 ? Outcome.PASS : few ? Outcome.WARN : Outcome.FAIL;
    String figure = Numbers.count(bad) + " of " + Numbers.count(ended) + " streams";
    return new Finding(outcome, figure, "<= " + FAULTS_MAX_PCT + " %", reason)
        .onlyIf(ended > 0, "No stream came to an end.");
  }

  /** Gatling keeps no body of a refusal, or without events, so the service is asked once more. */
  private String faults(Streams streams) {
    String faults = load.settings.masked(streams.faults.words()) + ".";
    boolean wordless = streams.recording.tally().counters().get("events_received") == 0;
    if (!load.settings.service().isExternal()
        || !(wordless || faults.contains("Server returned"))) {
      return faults;
    }
    String answer = new SseRequests(load.settings, streams.plan).answer(targets.bases().get(0));
    return faults + " To one more request it answered: " + load.settings.masked(answer) + ".";
  }

  private boolean hasBoth() {
    return targets.llm().isPresent()
        && targets.proxies().stream().allMatch(TargetCounters::isAnnounced);
  }

  /** Sent = passed on, unless by a peer, which does not count = received, all to its end. */
  private SharedCounters eventsOfAll() {
    Map<String, Reading> read = new TreeMap<>();
    targets.llm().ifPresent(llm -> read.put("llm", llm.reading(SENT)));
    targets
        .proxies()
        .forEach(proxy -> read.merge("proxy", proxy.reading(PASSED_ON), Reading::plus));
    return new SharedCounters(received(), received(), read, Map.of());
  }

  private long left() {
    return load.left.get() + load.recording(Phase.MEASURE).tally().ended(CANCELLED);
  }

  private SharedCounters cancelledOfAll() {
    long left = left();
    long probes = left + load.brokenSeen.get() + load.brokenHidden.get();
    long failed = ofPhases(recording -> recording.tally().failed());
    return cancelledOfAll(left, probes, failed, targets.llm().orElseThrow().reading(ABORTED));
  }

  /** Has no reading if no client left: without one of any generator, leavers are not known. */
  static SharedCounters cancelledOfAll(long left, long probes, long failed, Reading aborted) {
    Map<String, Reading> read = Map.of("aborted by llm", aborted);
    return new SharedCounters(probes, probes + failed, left > 0 ? read : Map.of(), Map.of());
  }

  /**
   * An arrival that waited is late by that; one that no client was ever free for has no latency.
   */
  static Finding served(OpenArrivals arrivals) {
    long waited = arrivals.waited();
    long unsent = arrivals.unsent();
    long all = Math.round(arrivals.achieved().get(OpenArrivals.COUNT));
    Outcome outcome = unsent > 0 ? Outcome.FAIL : waited > 0 ? Outcome.WARN : Outcome.PASS;
    String reason =
        outcome == Outcome.PASS
            ? "A client was free for every arrival."
            : Numbers.sentence(
                "Of %s arrivals %s waited for a free client, which latencies include, and %s were"
                    + " never sent; raise -Dclients, or lower -Drate.",
                all, waited, unsent);
    String figure = Numbers.count(waited) + " waited, " + Numbers.count(unsent) + " unsent";
    return new Finding(outcome, figure, "none", reason);
  }

  /** Every break must be seen; a run in which no stream was broken shows nothing. */
  static Finding broken(int seen, int hidden) {
    String none = "No upstream broke: none of the breakers came to its stream's end.";
    return Finding.of(
            hidden == 0,
            seen + " of " + (seen + hidden),
            "all",
            "An upstream that broke in the middle reached its client as a broken stream.",
            hidden
                + " clients were given a clean end although their upstream had broken in the"
                + " middle.")
        .onlyIf(seen + hidden > 0, none);
  }

  private long ofPhases(ToLongFunction<Recording> count) {
    return Stream.of(Phase.values()).map(load::recording).mapToLong(count).sum();
  }
}
