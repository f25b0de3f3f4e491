package simulations.sse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import kpi.Figure;
import kpi.Kpi;
import kpi.MetricsSource;
import kpi.Tally;
import simulations.run.Audit;
import simulations.run.Counted;
import verdict.Check;
import verdict.Numbers;

/**
 * Reconciles a whole battle: what the token server says it sent, what the proxy says it passed on,
 * and what the clients saw.
 */
public final class SseAudit implements Audit {
  private static final int SETTLE_TRIES = 50;
  private static final long SETTLE_PAUSE_MS = 100;

  private final SseBattle battle;
  private final Optional<MetricsSource> llm;
  private final List<MetricsSource> proxies;
  private final JsonNode llmBefore;
  private final List<JsonNode> proxiesBefore;
  private final Tally warmUp;
  private JsonNode llmAfter;
  private List<JsonNode> proxiesAfter;

  /**
   * Notes what the targets had counted before the run.
   *
   * @param battle that is reconciled
   * @param warmUp counts of the warm-up, which passed through the same targets
   * @param llm where the token server's counters are read, if they can be
   * @param proxies where the proxies' are
   */
  public SseAudit(
      SseBattle battle, Tally warmUp, Optional<MetricsSource> llm, List<MetricsSource> proxies) {
    this.battle = battle;
    this.warmUp = warmUp;
    this.llm = llm;
    this.proxies = proxies;
    this.llmBefore = readLlm();
    this.proxiesBefore = readProxies();
    this.llmAfter = llmBefore;
    this.proxiesAfter = proxiesBefore;
  }

  @Override
  public void settle() {
    for (int attempt = 0; attempt < SETTLE_TRIES; attempt++) {
      llmAfter = readLlm();
      proxiesAfter = readProxies();
      boolean busy =
          llmAfter.path("active_streams").asLong() > 0
              || sum(proxiesAfter, "active_connections") > 0;
      if (!busy || !pause()) {
        return;
      }
    }
  }

  @Override
  public Map<String, Figure> figures(double measuredS) {
    Map<String, Figure> figures = new LinkedHashMap<>();
    Tally tally = battle.tally();
    long good = tally.counters().getOrDefault("streams_good", 0L);
    double goodput = tally.ended() == 0 ? 0 : 100.0 * good / tally.ended();
    figures.put(Kpi.GOODPUT.word(), Figure.of(Kpi.GOODPUT, goodput));
    figures.put(Kpi.PACE_DRIFT.word(), Figure.of(Kpi.PACE_DRIFT, battle.driftPct()));
    return figures;
  }

  @Override
  public Map<String, Double> offered() {
    return battle.arrivals().offered();
  }

  @Override
  public Map<String, Double> achieved() {
    return battle.arrivals().achieved();
  }

  @Override
  public List<Check> invariants() {
    List<Check> checks = new ArrayList<>();
    Map<String, Long> counted = battle.tally().counters();
    if (battle.settings().verifyText()) {
      checks.addAll(Counted.tokens(counted));
      checks.add(Counted.wrongText(counted));
    }
    checks.add(
        Counted.none(
            counted,
            "streams_unterminated",
            "streams_terminated",
            "streams",
            "lacked either the finish reason or the final [DONE] event, as a client sees it"));
    if (llm.isPresent() && !proxies.isEmpty()) {
      checks.add(conserved());
    }
    if (battle.settings().leavers() > 0 && llm.isPresent()) {
      checks.add(cancelled());
    }
    if (battle.settings().breakers() > 0) {
      checks.add(broken());
    }
    return checks;
  }

  @Override
  public Map<String, String> unchecked() {
    Map<String, String> unchecked = new LinkedHashMap<>();
    if (!battle.settings().verifyText()) {
      unchecked.put("content_matches", "The service's text is not known; -Dverify=yes checks it.");
    }
    if (llm.isEmpty() || proxies.isEmpty()) {
      unchecked.put(
          "events_conserved", "Needs the counters of proxy and token server (-Dllm.url).");
    }
    if (battle.settings().leavers() == 0) {
      unchecked.put("leavers_cancel_upstream", "There were no leavers in this run.");
    }
    if (battle.settings().breakers() == 0) {
      unchecked.put("broken_upstream_shown", "There were no breakers in this run.");
    }
    return unchecked;
  }

  /** Sent = passed on = received, over streams that every tier saw end well. */
  private Check conserved() {
    long sent = delta(llmBefore, llmAfter, "events_completed");
    long passed =
        sum(proxiesAfter, "proxied_messages_completed")
            - sum(proxiesBefore, "proxied_messages_completed");
    long received = inDoneStreams(battle.tally()) + inDoneStreams(warmUp);
    boolean known =
        llmAfter.has("events_completed")
            && proxiesAfter.stream().allMatch(proxy -> proxy.has("completed_streams"));
    boolean holds = sent == passed && passed == received;
    String figure =
        Numbers.count(sent) + " / " + Numbers.count(passed) + " / " + Numbers.count(received);
    Check check =
        Check.invariant(
            "events_conserved",
            holds,
            figure,
            "llm = proxy = clients",
            holds
                ? "Every event that the token server sent went through the proxy and reached a"
                    + " client."
                : "Events sent by llm, counted by proxy and received differ: " + figure + ".");
    return known ? check : check.inconclusive("The targets' counters could not be read.");
  }

  private Check cancelled() {
    int left = battle.left();
    int probes = left + battle.brokenSeen() + battle.brokenHidden();
    long aborted = delta(llmBefore, llmAfter, "aborted_streams");
    long failed = battle.tally().failed() + warmUp.failed();
    boolean holds = left > 0 && aborted >= probes && aborted <= probes + failed;
    Check check =
        Check.invariant(
            "leavers_cancel_upstream",
            holds,
            Numbers.count(aborted) + " cancelled",
            Numbers.count(left) + " leavers + " + (probes - left) + " breakers",
            holds
                ? "Whenever a client left, its upstream stream was cancelled."
                : Numbers.count(left)
                    + " clients left in the middle and "
                    + (probes - left)
                    + " upstreams were told to break, but the token server saw "
                    + Numbers.count(aborted)
                    + " streams aborted.");
    return llmAfter.has("aborted_streams")
        ? check
        : check.inconclusive("The token server's counters could not be read.");
  }

  private Check broken() {
    int hidden = battle.brokenHidden();
    int seen = battle.brokenSeen();
    return Check.invariant(
        "broken_upstream_shown",
        hidden == 0 && seen > 0,
        seen + " of " + (seen + hidden),
        "all",
        hidden == 0
            ? "An upstream that broke in the middle reached its client as a broken stream."
            : hidden
                + " clients were given a clean end although their upstream had broken in the"
                + " middle.");
  }

  private static long inDoneStreams(Tally tally) {
    return tally.counters().getOrDefault("events_in_done_streams", 0L);
  }

  private static long delta(JsonNode before, JsonNode after, String counter) {
    return after.path(counter).asLong() - before.path(counter).asLong();
  }

  private static long sum(List<JsonNode> metrics, String counter) {
    return metrics.stream().mapToLong(each -> each.path(counter).asLong()).sum();
  }

  private JsonNode readLlm() {
    return llm.map(source -> source.read().join()).orElse(MissingNode.getInstance());
  }

  private List<JsonNode> readProxies() {
    return proxies.stream().map(source -> source.read().join().path("proxy")).toList();
  }

  private static boolean pause() {
    try {
      Thread.sleep(SETTLE_PAUSE_MS);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
