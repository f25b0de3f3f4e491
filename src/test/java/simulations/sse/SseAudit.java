package simulations.sse;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import kpi.Phase;
import simulations.run.Audit;
import simulations.run.Counted;
import simulations.run.Recording;
import simulations.run.TargetCounters;
import verdict.Check;
import verdict.Numbers;

/** Reconciles a whole run: events sent by the token server, passed on, and received. */
public record SseAudit(SseLoad load, SseTargets targets) implements Audit {
  private static final Duration SETTLE_BOUND = Duration.ofSeconds(10);
  private static final String SENT = "/events_completed";
  private static final String PASSED_ON = "/proxy/proxied_messages_completed";
  private static final String ABORTED = "/aborted_streams";

  @Override
  public void settle() {
    List<TargetCounters> all = new ArrayList<>(targets.proxies());
    targets.llm().ifPresent(all::add);
    TargetCounters.settle(
        SETTLE_BOUND,
        all,
        () ->
            targets.llm().stream().allMatch(llm -> llm.value("/active_streams") == 0)
                && targets.proxies().stream()
                    .allMatch(proxy -> proxy.value("/proxy/active_connections") == 0));
  }

  @Override
  public List<Check> invariants() {
    List<Check> checks = new ArrayList<>();
    Map<String, Long> counted = load.recording(Phase.MEASURE).tally().counters();
    if (load.settings.verifyText()) {
      checks.addAll(Counted.tokens(counted));
      checks.add(Counted.wrongText(counted));
    }
    String lacking =
        "lacked either the finish reason or the final [DONE] event, as a client sees it";
    checks.add(
        Counted.none(counted, "streams_unterminated", "streams_terminated", "streams", lacking));
    if (hasBoth()) {
      checks.add(conserved(targets.llm().orElseThrow()));
    }
    if (load.settings.leavers() > 0) {
      targets.llm().ifPresent(llm -> checks.add(cancelled(llm)));
    }
    if (load.settings.breakers() > 0) {
      checks.add(broken(load.brokenSeen.get(), load.brokenHidden.get()));
    }
    return checks;
  }

  @Override
  public Map<String, String> unchecked() {
    Map<String, String> unchecked = new LinkedHashMap<>();
    if (!load.settings.verifyText()) {
      unchecked.put("content_matches", "The service's text is not known; -Dverify=yes checks it.");
    }
    if (!hasBoth()) {
      unchecked.put(
          "events_conserved", "Needs the counters of proxy and token server (-Dllm.url).");
    }
    if (load.settings.leavers() == 0) {
      unchecked.put("leavers_cancel_upstream", "There were no leavers in this run.");
    }
    if (load.settings.breakers() == 0) {
      unchecked.put("broken_upstream_shown", "There were no breakers in this run.");
    }
    return unchecked;
  }

  private boolean hasBoth() {
    return targets.llm().isPresent()
        && targets.proxies().stream().allMatch(TargetCounters::isAnnounced);
  }

  /** Sent = passed on = received, over streams that every tier saw end well. */
  private Check conserved(TargetCounters llm) {
    long sent = llm.delta(SENT);
    long received = ofPhases(recording -> recording.counted("events_in_done_streams"));
    long passed = targets.proxies().stream().mapToLong(proxy -> proxy.delta(PASSED_ON)).sum();
    boolean peer = targets.proxies().isEmpty(); // A peer does not count.
    boolean holds = sent == received && (peer || sent == passed);
    String limit = peer ? "llm = clients" : "llm = proxy = clients";
    String between = peer ? " / " : " / " + Numbers.count(passed) + " / ";
    String figure = Numbers.count(sent) + between + Numbers.count(received);
    String reason =
        holds
            ? "Every event that the token server sent went through the proxy and reached a client."
            : "Events sent by llm, counted by proxy and received differ: " + figure + ".";
    Check check =
        llm.backed(Check.invariant("events_conserved", holds, figure, limit, reason), SENT);
    for (TargetCounters proxy : targets.proxies()) {
      check = proxy.backed(check, PASSED_ON);
    }
    return check;
  }

  private Check cancelled(TargetCounters llm) {
    int left = load.left.get();
    int probes = left + load.brokenSeen.get() + load.brokenHidden.get();
    long aborted = llm.delta(ABORTED);
    long failed = ofPhases(recording -> recording.tally().failed());
    boolean holds = left > 0 && aborted >= probes && aborted <= probes + failed;
    String figure = Numbers.count(aborted) + " cancelled";
    String limit = Numbers.count(left) + " leavers + " + (probes - left) + " breakers";
    String reason =
        "%s clients left in the middle and %d upstreams broke by request, but the token server"
            + " counted %s aborted streams.";
    if (holds) {
      reason = "Whenever a client left, its upstream stream was cancelled.";
    }
    return llm.backed(
        Check.invariant(
            "leavers_cancel_upstream",
            holds,
            figure,
            limit,
            reason.formatted(Numbers.count(left), probes - left, Numbers.count(aborted))),
        ABORTED);
  }

  /** Every break must be seen; a run in which no stream was broken shows nothing. */
  static Check broken(int seen, int hidden) {
    String reason =
        hidden == 0
            ? "An upstream that broke in the middle reached its client as a broken stream."
            : hidden
                + " clients were given a clean end although their upstream had broken in the"
                + " middle.";
    String figure = seen + " of " + (seen + hidden);
    Check check = Check.invariant("broken_upstream_shown", hidden == 0, figure, "all", reason);
    return seen + hidden == 0
        ? check.inconclusive("No upstream broke: none of the breakers came to its stream's end.")
        : check;
  }

  private long ofPhases(ToLongFunction<Recording> count) {
    return Stream.of(Phase.values()).map(load::recording).mapToLong(count).sum();
  }
}
