package simulations.relay;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import simulations.relay.RelaySettings.Delivery;
import simulations.relay.RelaySettings.Mode;
import simulations.run.Audit;
import simulations.run.Counted;
import simulations.run.TargetCounters;
import verdict.Check;
import verdict.Numbers;

/**
 * Reconciles a whole run: tokens published, passed on by the bridge, and received; and the ends of
 * the few readers that were slow, and of the relay that lost NATS.
 */
public final class RelayAudit implements Audit {
  private static final Duration SETTLE_BOUND = Duration.ofSeconds(5);
  private static final Duration SLOW_BOUND = Duration.ofSeconds(40);
  private static final double NS_PER_MS = 1e6;
  private static final String IN = "/messages_received";
  private static final String OUT = "/messages_published";
  private static final String REPEATED = "/messages_repeated";
  private static final String BRIDGE_ERRORS = "/errors";
  private static final String MISSING = "/tokens_missing";

  private final RelayLoad load;
  private final RelayTargets targets;
  private final Mode mode;
  private List<SlowReader.End> slowReaders = List.of();
  private Optional<Check> outage = Optional.empty();

  public RelayAudit(RelayLoad load, RelayTargets targets) {
    this.load = load;
    this.targets = targets;
    this.mode = load.settings.mode();
  }

  @Override
  public void settle() {
    if (load.goesOn()) {
      load.slowReading.end(SLOW_BOUND);
      slowReaders = load.slowReaders.stream().flatMap(reader -> reader.end().stream()).toList();
    }
    TargetCounters.settle(
        SETTLE_BOUND,
        Stream.concat(targets.bridge().stream(), Stream.of(targets.adapter())).toList(),
        () -> targets.openStreams() == 0 && targets.bridge().stream().allMatch(this::conserved));
    if (load.goesOn()) {
      outage = targets.outage().map(RelayTargets.Outage::check);
    }
    if (mode.produces()) {
      load.publisher().close();
    }
  }

  @Override
  public List<Check> invariants() {
    List<Check> checks = new ArrayList<>();
    Map<String, Long> counted = load.measured().tally().counters();
    if (mode.consumes()) {
      checks.add(clocks());
      checks.addAll(Counted.tokens(counted));
      if (load.settings.verifyText()) {
        checks.add(Counted.wrongText(counted));
      }
      String wrong = "ended without the message that ends a conversation";
      checks.add(
          Counted.none(counted, "streams_unterminated", "streams_terminated", "streams", wrong));
    }
    if (mode.produces()) {
      checks.add(
          Counted.none(
              counted, "tokens_refused", "tokens_accepted", "tokens", "were refused by Redis"));
      targets.bridge().ifPresent(bridge -> checks.add(passedOn(bridge)));
    }
    if (targets.bridge().isPresent() || targets.adapter().isAnnounced()) {
      checks.add(nothingDropped());
    }
    if (counted.containsKey("resumes")) {
      String resumes = "resumed streams of " + Numbers.count(counted.get("resumes"));
      String wrong = "continued with another token than the one after the last one seen";
      checks.add(Counted.none(counted, "resumes_inexact", "resume_exact", resumes, wrong));
    }
    if (load.settings.probes().slowReaders() > 0) {
      checks.add(slowReadersInformed());
    }
    outage.ifPresent(checks::add);
    return checks;
  }

  @Override
  public Map<String, String> unchecked() {
    Map<String, String> unchecked = new LinkedHashMap<>();
    if (mode.consumes() && !load.settings.verifyText()) {
      unchecked.put("content_matches", "The producer's text is not known; -Dverify=yes checks it.");
    }
    if (mode == Mode.CONSUMER) {
      unchecked.put("tokens_accepted", "The producer is another process.");
      unchecked.put("resume_exact", "Only a process that also publishes lets readers resume.");
      unchecked.put("slow_reader_told", "Only a process that also publishes has slow readers.");
    }
    if (!mode.produces() || targets.bridge().isEmpty()) {
      unchecked.put("tokens_passed_on", "Needs the bridge's counters (-Dbridge.url).");
    }
    if (outage.isEmpty()) {
      unchecked.put("nats_loss_shown", "Only a NATS that the run started is stopped.");
    }
    return unchecked;
  }

  /** Names the clocks behind the lags, and shows that they do not contradict each other. */
  private Check clocks() {
    OptionalLong bound = load.agreement.boundNs();
    String name = "clocks_agree";
    String limit = "no token before it was sent";
    if (!load.agreement.isPossible()) {
      String lowest = Numbers.words(load.agreement.lagMinNs() / NS_PER_MS, "ms");
      String reason =
          "A token came %s after it was sent: the clocks of producer and consumer differ;"
              + " synchronise them, or give both the same -Dredis.url.";
      return Check.validity(name, false, lowest, limit, reason.formatted(lowest));
    }
    if (bound.isEmpty()) {
      String reason =
          "Lags compare the clocks of two hosts, whose offset is unknown; give both processes the"
              + " same -Dredis.url.";
      return new Check(name, Check.Kind.VALIDITY, Check.Outcome.WARN, "unknown", "known", reason);
    }
    String within = Numbers.words(bound.getAsLong() / NS_PER_MS, "ms");
    String reason =
        bound.getAsLong() == 0
            ? "Producer and consumer read the monotonic clock of one host."
            : "Lags compare the clocks of two hosts, corrected by Redis's to within %s.";
    return Check.validity(name, true, within, limit, reason.formatted(within));
  }

  /** Published = into the bridge = out of it. */
  private Check passedOn(TargetCounters bridge) {
    String figure =
        Stream.of(load.publisher().published(), bridge.delta(IN), out(bridge))
            .map(Numbers::count)
            .collect(Collectors.joining(" / "));
    boolean holds = conserved(bridge);
    String reason =
        holds
            ? "The bridge passed on every token that was published."
            : "Tokens published, taken by the bridge and passed on by it differ: " + figure + ".";
    String limit = "published = into the bridge = out of it";
    return bridge.backed(
        Check.invariant("tokens_passed_on", holds, figure, limit, reason), IN, OUT, REPEATED);
  }

  /** A token that is read or stored again after a failure does not count as another one. */
  private boolean conserved(TargetCounters bridge) {
    if (!mode.produces()) {
      return true;
    }
    long published = load.publisher().published();
    return out(bridge) == published
        && (bridge.delta(IN) == published || load.settings.delivery() == Delivery.DURABLE);
  }

  private static long out(TargetCounters bridge) {
    return bridge.delta(OUT) - bridge.delta(REPEATED);
  }

  private Check nothingDropped() {
    TargetCounters adapter = targets.adapter();
    long bridgeErrors = targets.bridge().map(bridge -> bridge.delta(BRIDGE_ERRORS)).orElse(0L);
    long missing = adapter.delta(MISSING);
    long troubles = troubles(adapter.after()) - troubles(adapter.before());
    long sum = bridgeErrors + missing + troubles;
    String reason =
        sum == 0
            ? "The relay counted no loss."
            : String.format(
                "The relay counted losses: %d at the bridge, %d tokens missing and %d other"
                    + " troubles at the adapter.",
                bridgeErrors, missing, troubles);
    Check check = Check.invariant("nothing_dropped", sum == 0, Numbers.count(sum), "none", reason);
    Check backed = adapter.isAnnounced() ? adapter.backed(check, MISSING) : check;
    return targets.bridge().map(bridge -> bridge.backed(backed, BRIDGE_ERRORS)).orElse(backed);
  }

  private static long troubles(JsonNode metrics) {
    return metrics.path("troubles").valueStream().mapToLong(JsonNode::asLong).sum();
  }

  private Check slowReadersInformed() {
    String words =
        slowReaders.stream().map(SlowReader.End::word).distinct().collect(Collectors.joining(", "));
    // One that was wrong comes first.
    String sentence =
        slowReaders.stream()
            .min(Comparator.comparing(SlowReader.End::isHonest))
            .map(end -> "A reader read nothing for a while. " + end.sentence())
            .orElse("");
    boolean holds = slowReaders.stream().allMatch(SlowReader.End::isHonest);
    Check check = Check.invariant("slow_reader_told", holds, words, "whole or reported", sentence);
    return slowReaders.isEmpty() ? check.inconclusive("There was no slow reader.") : check;
  }
}
