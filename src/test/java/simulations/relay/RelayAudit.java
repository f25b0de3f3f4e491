package simulations.relay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import kpi.Figure;
import kpi.Kpi;
import kpi.MetricsSource;
import kpi.Phase;
import kpi.Tally;
import simulations.relay.RelaySettings.Delivery;
import simulations.relay.RelaySettings.Mode;
import simulations.run.Audit;
import simulations.run.Counted;
import simulations.run.Load;
import simulations.run.Settling;
import verdict.Check;
import verdict.Numbers;

/**
 * Reconciles a whole run: what the producer said, what the bridge passed on, and what the readers
 * saw; and what became of the few who read slowly or lost NATS.
 */
final class RelayAudit implements Audit, Load {
  private static final Duration SETTLE_BOUND = Duration.ofSeconds(5);
  private static final double NS_PER_MS = 1e6;

  private final RelayLoad load;
  private final Optional<MetricsSource> bridge;
  private final Optional<MetricsSource> adapter;
  private final Optional<OutageProbe> outage;
  private final JsonNode bridgeBefore;
  private final JsonNode adapterBefore;
  private JsonNode bridgeAfter;
  private JsonNode adapterAfter;
  private List<SlowReader.Fate> slowReaders = List.of();
  private Optional<Check> outageCheck = Optional.empty();

  /**
   * Notes what the targets had counted before the run.
   *
   * @param load that is reconciled
   * @param bridge where its counters are read, if they can be
   * @param adapter where its counters are read, if they can be
   * @param outage takes NATS away when everything else is known
   */
  RelayAudit(
      RelayLoad load,
      Optional<MetricsSource> bridge,
      Optional<MetricsSource> adapter,
      Optional<OutageProbe> outage) {
    this.load = load;
    this.bridge = bridge;
    this.adapter = adapter;
    this.outage = outage;
    this.bridgeBefore = read(bridge);
    this.adapterBefore = read(adapter);
    this.bridgeAfter = bridgeBefore;
    this.adapterAfter = adapterBefore;
  }

  @Override
  public void settle() {
    if (load.goesOn()) {
      slowReaders = load.slowReaders();
    }
    Settling.until(
        SETTLE_BOUND,
        () -> {
          bridgeAfter = read(bridge);
          adapterAfter = read(adapter);
          return adapterAfter.path("active_connections").asLong() == 0
              && (!mode().produces() || conserved());
        });
    if (load.goesOn()) {
      outageCheck = outage.map(OutageProbe::check);
    }
    if (mode().produces()) {
      load.publisher().close();
      load.tally().add("tokens_published", load.publisher().published(Phase.MEASURE));
    }
  }

  @Override
  public Map<String, Figure> figures(double measuredS) {
    Map<String, Figure> figures = new LinkedHashMap<>();
    if (mode().consumes()) {
      Tally tally = load.tally();
      long good = tally.counters().getOrDefault("streams_good", 0L);
      double goodput = tally.ended() == 0 ? 0 : 100.0 * good / tally.ended();
      figures.put(Kpi.GOODPUT.word(), Figure.of(Kpi.GOODPUT, goodput));
      OptionalLong bound = load.agreement().boundNs();
      if (bound.isPresent()) {
        double ms = bound.getAsLong() / NS_PER_MS;
        figures.put(Kpi.CLOCK_BOUND.word(), Figure.of(Kpi.CLOCK_BOUND, ms));
      }
    }
    return figures;
  }

  @Override
  public Map<String, Double> offered() {
    return load.arrivals().offered();
  }

  @Override
  public Map<String, Double> achieved() {
    return load.arrivals().achieved();
  }

  @Override
  public List<Check> invariants() {
    List<Check> checks = new ArrayList<>();
    Map<String, Long> counted = load.tally().counters();
    if (mode().consumes()) {
      checks.add(clocks());
      checks.addAll(Counted.tokens(counted));
      if (load.settings().verifyText()) {
        checks.add(Counted.wrongText(counted));
      }
      checks.add(
          Counted.none(
              counted,
              "streams_unterminated",
              "streams_terminated",
              "streams",
              "ended without the message that ends a conversation"));
    }
    if (mode().produces()) {
      checks.add(accepted());
    }
    if (mode().produces() && bridgeAfter.has("messages_published")) {
      checks.add(passedOn());
    }
    if (bridgeAfter.has("errors") || adapterAfter.has("tokens_missing")) {
      checks.add(nothingDropped());
    }
    if (counted.getOrDefault("resumes", 0L) > 0) {
      checks.add(resumed(counted));
    }
    if (load.settings().groups().slowReaders() > 0) {
      checks.add(slowReadersTold());
    }
    outageCheck.ifPresent(checks::add);
    return checks;
  }

  @Override
  public Map<String, String> unchecked() {
    Map<String, String> unchecked = new LinkedHashMap<>();
    if (mode().consumes() && !load.settings().verifyText()) {
      unchecked.put("content_matches", "The producer's text is not known; -Dverify=yes checks it.");
    }
    if (mode().consumes() && !mode().produces()) {
      unchecked.put("tokens_accepted", "The producer is another process.");
      unchecked.put("resume_exact", "Only a process that also publishes lets readers resume.");
      unchecked.put("slow_reader_told", "Only a process that also publishes has slow readers.");
    }
    if (!bridgeAfter.has("messages_published")) {
      unchecked.put("tokens_passed_on", "Needs the bridge's counters (-Dbridge.url).");
    }
    if (outageCheck.isEmpty()) {
      unchecked.put("nats_loss_shown", "Only a NATS that the run started is taken away.");
    }
    return unchecked;
  }

  /** Which clocks the lags were taken by, and that they do not contradict each other. */
  private Check clocks() {
    ClockAgreement agreement = load.agreement();
    OptionalLong bound = agreement.boundNs();
    String lowest = Numbers.words(agreement.lagMinNs() / NS_PER_MS, "ms");
    String name = "clocks_agree";
    if (!agreement.isPossible()) {
      String reason =
          "A token came "
              + lowest
              + " after it was sent: the clocks of producer and consumer"
              + " differ; synchronise them, or give both the same -Dredis.url.";
      return Check.validity(name, false, lowest, "no token before it was sent", reason);
    }
    if (bound.isEmpty()) {
      return new Check(
          name,
          Check.Kind.VALIDITY,
          Check.Outcome.WARN,
          "unknown",
          "known",
          "Lags compare the clocks of two hosts, and nobody knows how far they are apart; give"
              + " both processes the same -Dredis.url.");
    }
    String within = Numbers.words(bound.getAsLong() / NS_PER_MS, "ms");
    String reason =
        bound.getAsLong() == 0
            ? "Producer and consumer read the monotonic clock of one host."
            : "Lags compare the clocks of two hosts, corrected by Redis's to within "
                + within
                + ".";
    return Check.validity(name, true, within, "no token before it was sent", reason);
  }

  private Check accepted() {
    long refused = load.publisher().refused();
    return Check.invariant(
        "tokens_accepted",
        refused == 0,
        Numbers.count(refused) + " refused",
        "none",
        refused == 0
            ? "Redis took every token."
            : "Redis did not take " + Numbers.count(refused) + " tokens.");
  }

  /** Said = into the bridge = out of it. */
  private Check passedOn() {
    long said = load.publisher().published();
    String figure =
        Numbers.count(said) + " / " + Numbers.count(in()) + " / " + Numbers.count(out());
    boolean holds = conserved();
    return Check.invariant(
        "tokens_passed_on",
        holds,
        figure,
        "said = into the bridge = out of it",
        holds
            ? "The bridge passed on every token that was said."
            : "Tokens said, taken by the bridge and passed on by it differ: " + figure + ".");
  }

  /** What is read or stored again after a failure is no token more. */
  private boolean conserved() {
    if (!bridgeAfter.has("messages_published")) {
      return true;
    }
    long said = load.publisher().published();
    return out() == said && (in() == said || load.settings().delivery() == Delivery.DURABLE);
  }

  private long in() {
    return delta("messages_received");
  }

  private long out() {
    return delta("messages_published") - delta("messages_repeated");
  }

  private long delta(String counter) {
    return bridgeAfter.path(counter).asLong() - bridgeBefore.path(counter).asLong();
  }

  /** What the relay itself counted as lost. */
  private Check nothingDropped() {
    long bridgeErrors = delta("errors");
    long missing =
        adapterAfter.path("tokens_missing").asLong()
            - adapterBefore.path("tokens_missing").asLong();
    long troubles = troubles(adapterAfter) - troubles(adapterBefore);
    long sum = bridgeErrors + missing + troubles;
    return Check.invariant(
        "nothing_dropped",
        sum == 0,
        Numbers.count(sum),
        "none",
        sum == 0
            ? "The relay counted no loss."
            : "The relay counted losses: "
                + bridgeErrors
                + " at the bridge, "
                + missing
                + " tokens missing and "
                + troubles
                + " other troubles at the adapter.");
  }

  private static long troubles(JsonNode metrics) {
    long sum = 0;
    for (JsonNode count : metrics.path("troubles")) {
      sum += count.asLong();
    }
    return sum;
  }

  private static Check resumed(Map<String, Long> counted) {
    long all = counted.get("resumes");
    long inexact = counted.getOrDefault("resumes_inexact", 0L);
    return Check.invariant(
        "resume_exact",
        inexact == 0,
        Numbers.count(inexact) + " of " + Numbers.count(all),
        "none",
        inexact == 0
            ? "Each stream that was resumed went on with the next token."
            : Numbers.count(inexact)
                + " of "
                + Numbers.count(all)
                + " resumed streams did not go on with the token after the last one seen.");
  }

  private Check slowReadersTold() {
    Optional<SlowReader.Fate> wrong =
        slowReaders.stream()
            .filter(fate -> fate.kind() != SlowReader.Fate.Kind.WHOLE)
            .filter(fate -> fate.kind() != SlowReader.Fate.Kind.TOLD)
            .findFirst();
    List<String> words =
        slowReaders.stream()
            .map(fate -> fate.kind().name().toLowerCase(Locale.ROOT))
            .distinct()
            .toList();
    Check check =
        Check.invariant(
            "slow_reader_told",
            wrong.isEmpty(),
            String.join(", ", words),
            "whole or told",
            wrong
                .or(() -> slowReaders.stream().findFirst())
                .map(fate -> "A reader took nothing for a while. " + fate.sentence())
                .orElse(""));
    return slowReaders.isEmpty() ? check.inconclusive("There was no slow reader.") : check;
  }

  private Mode mode() {
    return load.settings().mode();
  }

  private static JsonNode read(Optional<MetricsSource> source) {
    return source.map(known -> known.read().join()).orElse(MissingNode.getInstance());
  }
}
