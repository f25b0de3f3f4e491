package simulations.ticker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import kpi.Figure;
import kpi.Kpi;
import kpi.MetricsSource;
import kpi.Percentiles;
import kpi.SocketLoss;
import kpi.Tally;
import simulations.run.Audit;
import simulations.run.Counted;
import simulations.run.Load;
import verdict.Check;
import verdict.Numbers;

/** Reconciles a whole run: what was pinged, published and seen, and who was kept out. */
final class TickerAudit implements Audit, Load {
  private static final int SETTLE_TRIES = 100;
  private static final long SETTLE_PAUSE_MS = 100;

  /** The head of every token that is signed by HS256. */
  private static final String TOKEN = "eyJ";

  private final TickerLoad load;
  private final Optional<MetricsSource> ticker;
  private final Optional<Attackers> attackers;
  private final Optional<SlowViewer> slowViewer;
  private final Optional<Path> log;
  private JsonNode after = MissingNode.getInstance();

  /**
   * @param load that is reconciled
   * @param ticker where its counters are read, if they can be
   * @param attackers if there are any
   * @param slowViewer if there is one
   * @param log of the ticker, if it is ours
   */
  TickerAudit(
      TickerLoad load,
      Optional<MetricsSource> ticker,
      Optional<Attackers> attackers,
      Optional<SlowViewer> slowViewer,
      Optional<Path> log) {
    this.load = load;
    this.ticker = ticker;
    this.attackers = attackers;
    this.slowViewer = slowViewer;
    this.log = log;
  }

  @Override
  public void settle() {
    attackers.ifPresent(Attackers::close);
    attackers.ifPresent(each -> load.tally().add("attacks_refused", each.refused()));
    slowViewer.ifPresent(SlowViewer::close);
    for (int attempt = 0; attempt < SETTLE_TRIES; attempt++) {
      after = ticker.map(source -> source.read().join()).orElse(MissingNode.getInstance());
      if (after.path("active_connections").asLong() == 0 || !pause()) {
        return;
      }
    }
  }

  @Override
  public Map<String, Figure> figures(double measuredS) {
    Tally tally = load.tally();
    long good = tally.counters().getOrDefault("streams_good", 0L);
    double goodput = tally.ended() == 0 ? 0 : 100.0 * good / tally.ended();
    Map<String, Figure> figures = new LinkedHashMap<>();
    figures.put(Kpi.GOODPUT.word(), Figure.of(Kpi.GOODPUT, goodput));
    ofStages(StageLoad::figures).forEach(figures::put);
    return figures;
  }

  @Override
  public Map<String, Percentiles> distributions() {
    return ofStages(StageLoad::distributions);
  }

  @Override
  public Map<String, Long> counters() {
    return ofStages(StageLoad::counters);
  }

  @Override
  public Map<String, Double> offered() {
    return merged(load.stages(), stage -> stage.arrivals().offered());
  }

  @Override
  public Map<String, Double> achieved() {
    return merged(load.stages(), stage -> stage.arrivals().achieved());
  }

  @Override
  public List<Check> invariants() {
    List<Check> checks = new ArrayList<>();
    Map<String, Long> counted = load.tally().counters();
    checks.add(survived(counted));
    checks.add(Counted.none(counted, "pings_unanswered", "pings_answered", "pings", "got no pong"));
    checks.add(
        Counted.none(counted, "broadcasts_lost", "no_broadcast_lost", "broadcasts", "never came"));
    checks.add(
        Counted.none(
            counted, "broadcasts_duplicated", "no_broadcast_duplicated", "frames", "came twice"));
    checks.add(
        Counted.none(
            counted, "broadcasts_swapped", "broadcasts_in_order", "broadcasts", "came late"));
    checks.add(
        Counted.none(
            counted,
            "latencies_false",
            "server_latency_true",
            "pongs",
            "told a latency that is below 0 or longer than the round trip"));
    attackers.ifPresent(each -> checks.addAll(each.checks()));
    slowViewer.ifPresent(each -> checks.add(slowViewerClosed(each)));
    if (after.has("client_states")) {
      checks.add(forgotten());
    }
    log.ifPresent(file -> checks.add(secret(file)));
    return checks;
  }

  @Override
  public Map<String, String> unchecked() {
    Map<String, String> unchecked = new LinkedHashMap<>();
    if (attackers.isEmpty()) {
      unchecked.put("attacks_refused", "Only the bundled ticker is attacked.");
    }
    if (!after.has("client_states")) {
      unchecked.put("clients_forgotten", "The ticker's counters could not be read.");
    }
    return unchecked;
  }

  /** What each stage has of its own; nothing if there is but one, which is the run. */
  private <T> Map<String, T> ofStages(Function<StageLoad, Map<String, T>> part) {
    return load.settings().plan().isStaged() ? merged(load.stages(), part) : Map.of();
  }

  private static <T> Map<String, T> merged(
      List<StageLoad> stages, Function<StageLoad, Map<String, T>> part) {
    Map<String, T> all = new LinkedHashMap<>();
    stages.forEach(stage -> all.putAll(part.apply(stage)));
    return all;
  }

  /** A socket that was closed after it was opened is no success. */
  private static Check survived(Map<String, Long> counted) {
    long connected = counted.getOrDefault("sockets_connected", 0L);
    long survived = counted.getOrDefault("sockets_survived", 0L);
    String refused = SocketLoss.refused(counted);
    return Check.invariant(
        "sockets_survived",
        connected > 0 && connected == survived,
        Numbers.count(survived) + " of " + Numbers.count(connected),
        "all that were opened",
        (connected == 0
                ? "No socket was opened."
                : connected == survived
                    ? "Every socket that was opened lived until its user closed it."
                    : "Of "
                        + Numbers.count(connected)
                        + " open sockets these were lost: "
                        + SocketLoss.closed(counted)
                        + ".")
            + (refused.isEmpty() ? "" : " These never opened: " + refused + "."));
  }

  private Check slowViewerClosed(SlowViewer viewer) {
    long closed = after.at("/closed/outbox_full").asLong() + after.at("/closed/stalled").asLong();
    Check check =
        Check.invariant(
            "slow_client_closed",
            closed > 0,
            Numbers.count(closed) + " closed",
            "by 1013",
            closed > 0
                ? "A client that took nothing was closed."
                : "A client took nothing of its trades and was not closed.");
    return viewer.failure().isEmpty() || closed > 0
        ? check
        : check.inconclusive("The slow client failed: " + viewer.failure() + ".");
  }

  /** Nothing is kept of clients who have gone. */
  private Check forgotten() {
    long states = after.path("client_states").asLong();
    long active = after.path("active_connections").asLong();
    return Check.invariant(
        "clients_forgotten",
        states <= active && active == 0,
        Numbers.count(states) + " states, " + Numbers.count(active) + " connections",
        "none after the run",
        states <= active && active == 0
            ? "The ticker keeps nothing of clients who have gone."
            : "After the run the ticker still keeps " + states + " states of clients.");
  }

  private static Check secret(Path log) {
    boolean found;
    try {
      found = Files.readString(log).contains(TOKEN);
    } catch (IOException e) {
      found = false; // A ticker that has said nothing has said no token.
    }
    return Check.invariant(
        "tokens_not_logged",
        !found,
        found ? "found" : "none",
        "none",
        found ? "The ticker's log holds a token." : "The ticker's log holds no token.");
  }

  private static boolean pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(SETTLE_PAUSE_MS);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
