package simulations.ticker;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import kpi.SocketLoss;
import simulations.run.Audit;
import simulations.run.Counted;
import simulations.run.TargetCounters;
import verdict.Check;
import verdict.Numbers;

/** Reconciles a whole run: pings and pongs, broadcasts sent and seen, intruders and users. */
public record TickerAudit(TickerLoad load, TickerTargets targets) implements Audit {
  private static final Duration SETTLE_BOUND = Duration.ofSeconds(10);
  private static final String ACTIVE = "/active_connections";
  private static final String STATES = "/client_states";
  private static final String OUTBOX_FULL = "/closed/outbox_full";
  private static final String STALLED = "/closed/stalled";

  /** The head of every token that is signed by HS256. */
  private static final String TOKEN = "eyJ";

  @Override
  public void settle() {
    targets
        .intruders()
        .ifPresent(
            each -> {
              each.work().end(Duration.ZERO);
              load.recording().tally().add("attacks_refused", each.attackers().refused());
            });
    TargetCounters counters = targets.counters();
    TargetCounters.settle(SETTLE_BOUND, List.of(counters), () -> counters.value(ACTIVE) == 0);
  }

  @Override
  public List<Check> invariants() {
    List<Check> checks = new ArrayList<>();
    Map<String, Long> counted = load.recording().tally().counters();
    checks.add(survived(counted));
    checks.add(Counted.none(counted, "pings_unanswered", "pings_answered", "pings", "got no pong"));
    checks.addAll(Counted.broadcasts(counted));
    checks.add(
        Counted.none(
            counted,
            "latencies_false",
            "server_latency_true",
            "pongs",
            "stated a latency that is below 0 or longer than the round trip"));
    targets
        .intruders()
        .ifPresent(
            each -> {
              checks.addAll(each.attackers().checks());
              checks.add(slowClientClosed(each.slow()));
            });
    if (hasStates()) {
      checks.add(forgotten());
    }
    targets.log().ifPresent(log -> checks.add(tokensNotLogged(log)));
    return checks;
  }

  @Override
  public Map<String, String> unchecked() {
    Map<String, String> unchecked = new LinkedHashMap<>();
    if (targets.intruders().isEmpty()) {
      unchecked.put("attacks_refused", "Only the bundled ticker is attacked.");
    }
    if (!hasStates()) {
      unchecked.put("clients_forgotten", "The service has no counters of the ticker's kind.");
    }
    return unchecked;
  }

  /** A foreign service may have a metrics endpoint of another kind. */
  private boolean hasStates() {
    return targets.log().isPresent() || !targets.counters().before().at(STATES).isMissingNode();
  }

  /** A socket that was closed after it was opened is no success. */
  private static Check survived(Map<String, Long> counted) {
    long connected = counted.getOrDefault("sockets_connected", 0L);
    long survived = counted.getOrDefault("sockets_survived", 0L);
    String refused = SocketLoss.refused(counted);
    String lost = SocketLoss.closed(counted);
    String reason = "Every socket that was opened lived until its user closed it.";
    if (connected == 0) {
      reason = "No socket was opened.";
    } else if (connected > survived) {
      reason = "Of " + Numbers.count(connected) + " open sockets these were lost: " + lost + ".";
    }
    return Check.invariant(
        "sockets_survived",
        connected > 0 && connected == survived,
        Numbers.count(survived) + " of " + Numbers.count(connected),
        "all that were opened",
        reason + (refused.isEmpty() ? "" : " These never opened: " + refused + "."));
  }

  private Check slowClientClosed(SlowViewer viewer) {
    TargetCounters counters = targets.counters();
    long closed = counters.value(OUTBOX_FULL) + counters.value(STALLED);
    Check check =
        Check.invariant(
            "slow_client_closed",
            closed > 0,
            Numbers.count(closed) + " closed",
            "by 1013",
            closed > 0
                ? "A client that read nothing was closed."
                : "A client read nothing of its trades and was not closed.");
    return viewer.failure().isEmpty() || closed > 0
        ? counters.backed(check, OUTBOX_FULL, STALLED)
        : check.inconclusive("The slow client failed: " + viewer.failure() + ".");
  }

  private Check forgotten() {
    TargetCounters counters = targets.counters();
    long states = counters.value(STATES);
    long active = counters.value(ACTIVE);
    boolean holds = states == 0 && active == 0;
    return counters.backed(
        Check.invariant(
            "clients_forgotten",
            holds,
            Numbers.count(states) + " states, " + Numbers.count(active) + " connections",
            "none after the run",
            holds
                ? "The ticker keeps nothing of clients that have left."
                : "After the run the ticker still keeps " + states + " states of clients."),
        STATES,
        ACTIVE);
  }

  /** Reads bytes, for a log may hold anything; one that cannot be read proves nothing. */
  static Check tokensNotLogged(Path log) {
    String name = "tokens_not_logged";
    try {
      boolean found = Files.readString(log, StandardCharsets.ISO_8859_1).contains(TOKEN);
      return Check.invariant(
          name,
          !found,
          found ? "found" : "none",
          "none",
          found ? "The ticker's log holds a token." : "The ticker's log holds no token.");
    } catch (IOException e) {
      return Check.invariant(name, false, "unknown", "none", "")
          .inconclusive("The ticker's log could not be read: " + e + ".");
    }
  }
}
