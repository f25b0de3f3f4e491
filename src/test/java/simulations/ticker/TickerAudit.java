package simulations.ticker;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import kpi.SharedCounters;
import kpi.SocketLoss;
import simulations.run.Audit;
import simulations.run.Checks;
import simulations.run.Checks.Finding;
import simulations.run.Secrets;
import simulations.run.TargetCounters;
import verdict.Numbers;

/** Reconciles a whole run: pings and pongs, broadcasts sent and seen, intruders and users. */
public record TickerAudit(TickerLoad load, TickerTargets targets) implements Audit {
  private static final int FRAME_CHARS = 200;
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
  public void check(Checks checks) {
    TargetCounters counters = targets.counters();
    checks
        .validity("clocks_agree")
        .needs(
            targets.publisher().isPresent() || !load.agreement.isPossible(),
            "The offset of the publisher's clock is unknown; no broadcast came before it was due.")
        .judge(this::clocks);
    checks.of("sockets_survived").judge(() -> survived(checks));
    checks.of("pings_answered").judge(() -> answered(checks));
    checks
        .of("hellos_answered")
        .needs(
            load.settings.messages().hello().filter(all -> all.contains(" => ")).isPresent(),
            "No answer to a first frame is named (-Dws.hello).")
        .none("hellos_unanswered", "first frames", "lacked the answer behind => of -Dws.hello");
    checks.restingOn(load.missingFeed()).broadcasts(load.unknownFeed(), targets.ends().words());
    Optional<String> known =
        targets.publisher().map(unused -> "The publisher's own count says where each feed ended.");
    checks.goesOn(known);
    String wrong =
        "stated a latency that is below 0 or longer than the round trip, as one does that is"
            + " computed from the stamp of a monotonic clock, such as performance.now()";
    checks
        .of("server_latency_true")
        .needs(checks.count("latencies_stated") > 0, "No pong stated a latency.")
        .none("latencies_false", "pongs", wrong);
    boolean attacked = targets.intruders().isPresent();
    String only = "Only the bundled ticker is attacked.";
    checks
        .of("attacks_refused")
        .needs(attacked, only)
        .judge(() -> targets.intruders().orElseThrow().attackers().attacksRefused());
    checks
        .of("floods_ended")
        .needs(attacked, only)
        .judge(() -> targets.intruders().orElseThrow().attackers().floodsEnded());
    checks
        .of("slow_client_closed")
        .needs(attacked, "Only the bundled ticker has a client that reads nothing.")
        .reads(counters, OUTBOX_FULL, STALLED)
        .judge(this::slowClientClosed);
    checks
        .of("clients_forgotten")
        .needs(hasStates(), "The service has no counters of the ticker's kind.")
        .reads(counters, STATES, ACTIVE)
        .whole(List.of(counters))
        .overAll(this::keptOfAll)
        .counted(
            "",
            "The ticker keeps nothing of clients that have left.",
            "After the run the ticker still keeps something of clients: %s.");
    checks
        .of("tokens_not_logged")
        .needs(targets.log().isPresent(), "Only the bundled ticker's log is read.")
        .judge(() -> tokensNotLogged(targets.log().orElseThrow()));
  }

  /** The bundled publisher is on this host; of another one only a contradiction is known. */
  private Finding clocks() throws IOException {
    return targets.publisher().isPresent()
        ? targets.publisher().get().clock(load.clock)
        : load.agreement.find();
  }

  /** A foreign service may have a metrics endpoint of another kind. */
  private boolean hasStates() {
    return targets.log().isPresent() || !targets.counters().before().at(STATES).isMissingNode();
  }

  private Finding answered(Checks checks) {
    long unanswered = checks.count("pings_unanswered");
    long stray = checks.count("pongs_stray");
    String wrong = unanswered > 0 ? Numbers.count(unanswered) + " pings got no pong." : "";
    wrong += stray > 0 ? " " + Numbers.count(stray) + " pongs answered no ping that waited." : "";
    String frame = Secrets.masked(load.otherFrame.get(), load.settings.secrets());
    if (!frame.isEmpty()) {
      String shown = frame.substring(0, Math.min(FRAME_CHARS, frame.length()));
      wrong += " Such a socket received: " + shown + ".";
    }
    boolean none = unanswered > 0 && checks.count("pongs_received") == 0;
    wrong += none ? " If its messages are others, -Dws.ping and -Dws.pong describe them." : "";
    return Finding.of(
        unanswered + stray == 0,
        Numbers.count(unanswered) + " pings",
        "none",
        "Every ping got its pong.",
        wrong.strip());
  }

  /** A socket that was closed after it was opened is no success. */
  private Finding survived(Checks checks) {
    long connected = checks.count("sockets_connected");
    long survived = checks.count("sockets_survived");
    String refused = SocketLoss.refused(load.recording().tally().counters());
    String lost = SocketLoss.closed(load.recording().tally().counters());
    String reason = "Every socket that was opened lived until its user closed it.";
    if (connected == 0) {
      reason = "No socket was opened.";
    } else if (connected > survived) {
      reason = "Of " + Numbers.count(connected) + " open sockets these were lost: " + lost + ".";
    }
    reason += refused.isEmpty() ? "" : " These never opened: " + refused + ".";
    boolean isVague = refused.contains(SocketLoss.REFUSED_OTHER.words());
    reason += isVague ? " The first answer: " + load.firstRefusal + "." : "";
    return Finding.of(
        connected > 0 && connected == survived,
        Numbers.count(survived) + " of " + Numbers.count(connected),
        "all that were opened",
        reason,
        reason);
  }

  private Finding slowClientClosed() {
    TargetCounters counters = targets.counters();
    long closed = counters.value(OUTBOX_FULL) + counters.value(STALLED);
    String failure = targets.intruders().orElseThrow().slow().failure;
    return Finding.of(
            closed > 0,
            Numbers.count(closed) + " closed",
            "by 1013",
            "A client that read nothing was closed.",
            "A client read nothing of its trades and was not closed.")
        .onlyIf(failure.isEmpty() || closed > 0, "The slow client failed: " + failure + ".");
  }

  private SharedCounters keptOfAll() {
    Map<String, Long> gauges =
        Map.of(
            "states of clients", targets.counters().value(STATES),
            "connections", targets.counters().value(ACTIVE));
    return new SharedCounters(0, 0, Map.of(), gauges);
  }

  /** Reads bytes, for a log may hold anything; one that cannot be read proves nothing. */
  static Finding tokensNotLogged(Path log) throws IOException {
    boolean found = Files.readString(log, StandardCharsets.ISO_8859_1).contains(TOKEN);
    return Finding.of(
        !found,
        found ? "found" : "none",
        "none",
        "The ticker's log holds no token.",
        "The ticker's log holds a token.");
  }
}
