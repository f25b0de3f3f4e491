package simulations.relay;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kpi.SharedCounters;
import kpi.SharedCounters.Reading;
import simulations.relay.RelaySettings.Delivery;
import simulations.relay.RelaySettings.Mode;
import simulations.run.Access;
import simulations.run.Audit;
import simulations.run.Checks;
import simulations.run.Checks.Finding;
import simulations.run.TargetCounters;
import verdict.Check.Outcome;
import verdict.Numbers;

/**
 * Reconciles a whole run: tokens published, passed on by the bridge, and received; and the ends of
 * the few readers that were slow, and of the relay that lost NATS.
 */
public final class RelayAudit implements Audit {
  private static final Duration SETTLE_BOUND = Duration.ofSeconds(5);
  private static final Duration SLOW_BOUND = Duration.ofSeconds(40);
  private static final String IN = "/messages_received";
  private static final String OUT = "/messages_published";
  private static final String REPEATED = "/messages_repeated";
  private static final String BRIDGE_ERRORS = "/errors";
  private static final String MISSING = "/tokens_missing";
  private static final String NO_COUNTERS =
      "Needs the counters of bridge or adapter (-Dbridge.url).";

  private final RelayLoad load;
  private final RelayTargets targets;
  private final Mode mode;
  private List<SlowReader.End> slowReaders = List.of();
  private Optional<Finding> outage = Optional.empty();

  public RelayAudit(RelayLoad load, RelayTargets targets) {
    this.load = load;
    this.targets = targets;
    this.mode = load.settings.mode();
  }

  @Override
  public void settle() {
    if (load.run.goesOn()) {
      load.slowReading.end(SLOW_BOUND);
      slowReaders = load.slowReaders.stream().flatMap(reader -> reader.end.stream()).toList();
    }
    TargetCounters.settle(
        SETTLE_BOUND, counted(), () -> targets.openStreams() == 0 && isPassedOn());
    if (load.run.goesOn()) {
      outage = targets.outage().map(RelayTargets.Outage::find);
    }
    if (mode.produces()) {
      load.publisher().close();
    }
  }

  @Override
  public void check(Checks checks) {
    if (mode.consumes()) {
      checkReading(checks);
    }
    checks
        .of("tokens_accepted")
        .needs(mode.produces(), "The producer is another process.")
        .none("tokens_refused", "tokens", "were refused by Redis");
    checks
        .of("tokens_passed_on")
        .needs(mode.produces(), "The producer is another process.")
        .reads(targets.bridge(), "Needs the bridge's counters (-Dbridge.url).", IN, OUT, REPEATED)
        .whole(targets.bridge().stream().toList())
        .overAll(this::passedOnOfAll)
        .counted(
            "published",
            "The bridge passed on every token that was published.",
            "Tokens published, taken by the bridge and passed on by it differ: %s.");
    Checks.Declared dropped =
        checks
            .of("nothing_dropped")
            .needs(targets.adapter().isAnnounced() || targets.bridge().isPresent(), NO_COUNTERS);
    if (targets.adapter().isAnnounced()) {
      dropped.reads(targets.adapter(), MISSING);
    }
    targets.bridge().ifPresent(bridge -> dropped.reads(bridge, BRIDGE_ERRORS));
    dropped
        .whole(counted())
        .overAll(this::droppedOfAll)
        .counted("", "No loss was counted.", "The relay counted losses: %s.");
    String also = "Only a process that also publishes lets readers resume, or stall.";
    String resumes = "resumed streams of " + Numbers.count(checks.count("resumes"));
    String inexact = "continued with another token than the one after the last one seen";
    checks
        .of("resume_exact")
        .needs(mode != Mode.CONSUMER, also)
        .needs(checks.count("resumes") > 0, "No reader resumed its stream.")
        .none("resumes_inexact", resumes, inexact);
    checks
        .of("slow_reader_told")
        .needs(mode != Mode.CONSUMER, also)
        .needs(!load.slowReaders.isEmpty(), "This generator has no slow reader.")
        .judge(this::slowReadersInformed);
    checks
        .of("nats_loss_shown")
        .needs(outage.isPresent(), "Only a single NATS that the run started is stopped.")
        .judge(outage::orElseThrow);
  }

  private void checkReading(Checks checks) {
    String clock =
        "The clock of a feed, or of a producer without the same -Dredis.url, is not known; lags"
            + " are as true as it agrees with this one.";
    boolean isForeign = mode == Mode.CONSUMER && load.settings.service().redisUrl().isEmpty();
    boolean isOpen = isForeign && load.agreement.isPossible() && load.agreement.boundNs().isEmpty();
    checks
        .validity("clocks_agree")
        .needs(!load.settings.isFeed() && !isOpen, clock)
        .judge(this::clocks);
    checks.of("events_read").judge(() -> read(checks));
    boolean isNumbered = load.settings.events().seq().isThere();
    String noNumber = "No event has a number (-Dsse.seq).";
    checks.tokens(isNumbered, noNumber, load.settings.verifyText());
    String wrong = "ended without the message that ends a conversation";
    checks
        .of("streams_terminated")
        .needs(!load.settings.isFeed(), "A feed has no last message.")
        .none("streams_unterminated", "streams", wrong);
    checks.goesOn(
        Optional.of("A conversation ends by its last message.")
            .filter(unused -> !load.settings.isFeed()));
    checks
        .of("streams_sound")
        .needs(mode == Mode.CONSUMER, "Checked only for tokens of another process.")
        .judge(this::sound);
  }

  /** An event that is no token for want of a number deserves a look. */
  private Finding read(Checks checks) {
    long unread = checks.count("events_unread");
    String figure = Numbers.count(unread) + " events";
    String bad = "%s without a whole number from 1 at %s (-Dsse.seq) were ignored.";
    String reason =
        unread == 0
            ? "Every event was read."
            : bad.formatted(figure, load.settings.events().seq().text());
    long read = checks.count("tokens_received") + checks.count("tokens_untimed");
    return new Finding(unread == 0 ? Outcome.PASS : Outcome.WARN, figure, "none", reason)
        .onlyIf(unread + read > 0, "No event came.");
  }

  private Finding sound() {
    Access access = load.settings.common().access();
    String words = load.faults.words();
    Duration bound = load.settings.side().timeout();
    String faults =
        load.settings.isFeed()
            ? access.explained(words, load.settings.service().sseUrl().orElseThrow() + "", bound)
            : access.masked(words);
    return Finding.of(
        faults.isEmpty(), "", "none", "Every stream was opened and read.", faults + ".");
  }

  /** The clocks behind the lags, and on one host those behind the hops. */
  private Finding clocks() throws IOException {
    Finding worst = load.agreement.find();
    for (TargetCounters target : counted()) {
      if (targets.oneHost() && target.after().has("timestamp")) {
        Finding found = target.clock(load.clock);
        worst = found.outcome().compareTo(worst.outcome()) > 0 ? found : worst;
      }
    }
    return worst;
  }

  private List<TargetCounters> counted() {
    return Stream.concat(targets.bridge().stream(), Stream.of(targets.adapter())).toList();
  }

  private boolean isPassedOn() {
    return !mode.produces() || targets.bridge().isEmpty() || passedOnOfAll().holds();
  }

  /** A token that is read or stored again after a failure does not count as another one. */
  private SharedCounters passedOnOfAll() {
    TargetCounters bridge = targets.bridge().orElseThrow();
    Map<String, Reading> read = new TreeMap<>();
    read.put("out of the bridge", bridge.reading(OUT).minus(bridge.reading(REPEATED)));
    if (load.settings.delivery() != Delivery.DURABLE) {
      read.put("into the bridge", bridge.reading(IN));
    }
    long published = load.publisher().published();
    return new SharedCounters(published, published, read, Map.of());
  }

  /** Has what is counted: a service of the user's own may have counters at neither end. */
  private SharedCounters droppedOfAll() {
    TargetCounters adapter = targets.adapter();
    Map<String, Reading> read = new TreeMap<>();
    if (adapter.isAnnounced()) {
      read.put("missing at the adapter", adapter.reading(MISSING));
      read.put(
          "other troubles of the adapter",
          new Reading(troubles(adapter.before()), troubles(adapter.after())));
    }
    targets
        .bridge()
        .ifPresent(bridge -> read.put("errors of the bridge", bridge.reading(BRIDGE_ERRORS)));
    return new SharedCounters(0, 0, read, Map.of());
  }

  private static long troubles(JsonNode metrics) {
    return metrics.path("troubles").valueStream().mapToLong(JsonNode::asLong).sum();
  }

  private Finding slowReadersInformed() {
    String words =
        slowReaders.stream().map(SlowReader.End::word).distinct().collect(Collectors.joining(", "));
    // One that was wrong comes first.
    String sentence =
        slowReaders.stream()
            .min(Comparator.comparing(SlowReader.End::isHonest))
            .map(end -> "A reader read nothing for a while. " + end.sentence())
            .orElse("");
    boolean holds = slowReaders.stream().allMatch(SlowReader.End::isHonest);
    return Finding.of(holds, words, "whole or reported", sentence, sentence)
        .onlyIf(!slowReaders.isEmpty(), "There was no slow reader.");
  }
}
