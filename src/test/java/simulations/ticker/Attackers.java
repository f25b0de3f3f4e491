package simulations.ticker;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import settings.JwtPlan;
import simulations.run.Checks.Finding;
import testing.RawWebSocket;
import testing.Violation;
import verdict.Numbers;

/**
 * Tries what a ticker must refuse, one attack after the other while the load is on: bad tokens, by
 * 401; frames that RFC 6455 does not allow, by the close code that fits; messages without a
 * meaning, by an error message; and too much at once, by 1008 or 1009. One thread, which ends when
 * it is interrupted; each attack comes by a connection of its own.
 */
final class Attackers implements Runnable {
  private static final Duration BOUND = Duration.ofSeconds(3);
  private static final int POLICY = 1008;
  private static final int TOO_LARGE = 1009;
  private static final int ERROR_MESSAGE = 0;
  private static final int FLOOD = 300;
  private static final int LARGE = 1 << 20;
  private static final String PING = "{\"type\":\"ping\",\"timestamp\":1}";
  private static final String STATUS = "status ";
  private static final String UNAUTHORIZED = STATUS + 401;
  private static final String CLOSED = "closed by ";
  private static final String ONLY_ERROR = "only an error message";
  private static final String ACCEPTED = "accepted";
  private static final String ERROR = "\"type\":\"error\"";

  /** Attacks by a user with a good token, in this order; code 0 is for an error message. */
  private static final List<Violation> FRAMES =
      Stream.concat(
              Violation.FRAMES.stream(),
              Stream.of(
                  Violation.text("broken JSON", ERROR_MESSAGE, RawWebSocket.TEXT, "{\"type\":"),
                  Violation.text("JSON of no message", ERROR_MESSAGE, RawWebSocket.TEXT, "[1,2]")))
          .toList();

  /** Once in a run: these cost the ticker more than the load beside them should notice. */
  private static final List<Violation> FLOODS =
      List.of(
          new Violation(
              "a flood of pings",
              POLICY,
              socket -> {
                for (int i = 0; i < FLOOD; i++) {
                  socket.send(RawWebSocket.TEXT, PING);
                }
              }),
          Violation.text("a message of 1 MiB", TOO_LARGE, RawWebSocket.TEXT, "x".repeat(LARGE)));

  private final URI url;
  private final Duration pause;
  private final LongSupplier nanoClock;
  final Series attacks;
  final Series floods;

  /**
   * An attack by one connection.
   *
   * @param mint of its token; empty if it has none
   * @param act on the open socket; empty if the upgrade itself is the attack
   * @param expected words of the right answer
   */
  private record Attack(
      String name,
      Optional<UnaryOperator<String>> mint,
      Optional<Violation.Act> act,
      String expected) {
    static Attack token(String name, JwtPlan plan) {
      Optional<UnaryOperator<String>> mint = Optional.of(TickerTargets.mint(plan));
      return new Attack(name, mint, Optional.empty(), UNAUTHORIZED);
    }

    static Attack violation(Violation violation, UnaryOperator<String> good) {
      int code = violation.code();
      return new Attack(
          violation.name(),
          Optional.of(good),
          Optional.of(violation.act()),
          code == ERROR_MESSAGE ? ONLY_ERROR : CLOSED + code);
    }
  }

  /** Attacks that one check judges, and the answers so far. */
  static final class Series {
    final AtomicInteger right = new AtomicInteger();

    /** Attacks that were not refused, or by a wrong code, with the answer. */
    final Map<String, String> wrong = new ConcurrentSkipListMap<>();

    private final List<Attack> attacks;
    private final Set<String> tried = ConcurrentHashMap.newKeySet();

    private Series(Stream<Attack> attacks) {
      this.attacks = attacks.toList();
    }

    private void answered(Attack attack, String answer) {
      tried.add(attack.name);
      if (answer.equals(attack.expected)) {
        right.incrementAndGet();
      } else {
        wrong.put(attack.name, answer);
      }
    }

    /** Returns the attacks that were not tried, or whose user was not let in. */
    List<String> untried() {
      return attacks.stream().map(Attack::name).filter(name -> !tried.contains(name)).toList();
    }

    /** Judges the answers; without a wrong one, an attack that was not tried leaves it open. */
    private Finding found(String figure, String limit, String good, String bad) {
      String answers =
          wrong.entrySet().stream()
              .map(each -> each.getKey() + " (" + each.getValue() + ")")
              .collect(Collectors.joining(", "));
      String untried = String.join(", ", untried());
      return Finding.of(wrong.isEmpty(), figure, limit, good, bad + ": " + answers + ".")
          .onlyIf(!wrong.isEmpty() || untried.isEmpty(), "There was no time for: " + untried + ".");
    }
  }

  /** Attacks a socket, {@code ws://…/ws}, with tokens of a good plan and its distortions. */
  Attackers(URI url, JwtPlan plan, Duration pause, LongSupplier nanoClock) {
    this.url = url;
    this.pause = pause;
    this.nanoClock = nanoClock;
    UnaryOperator<String> good = TickerTargets.mint(plan);
    Stream<Attack> tokens =
        Stream.of(
            new Attack("no token", Optional.empty(), Optional.empty(), UNAUTHORIZED),
            Attack.token("expired", plan.lasting(Duration.ofHours(-1))),
            Attack.token("not yet valid", plan.with("nbf", Duration.ofHours(1))),
            Attack.token("another key", plan.signedByAnother()),
            Attack.token("alg none", plan.signed("none")),
            Attack.token("another audience", plan.with("aud", "another-audience")),
            Attack.token("no expiry", plan.lacking("exp")),
            Attack.token("no user", plan.lacking(JwtPlan.USER_ID)));
    attacks =
        new Series(
            Stream.concat(tokens, FRAMES.stream().map(each -> Attack.violation(each, good))));
    floods = new Series(FLOODS.stream().map(each -> Attack.violation(each, good)));
  }

  int refused() {
    return attacks.right.get() + floods.right.get();
  }

  Finding attacksRefused() {
    return attacks.found(
        Numbers.count(attacks.right.get()) + " refused, " + attacks.wrong.size() + " kinds not",
        "all: bad tokens by 401, bad frames by RFC 6455",
        "Every bad token was refused before the upgrade, and every bad frame was answered as RFC"
            + " 6455 says.",
        "Not refused, or by a wrong code");
  }

  Finding floodsEnded() {
    return floods.found(
        Numbers.count(floods.right.get()) + " ended, " + floods.wrong.size() + " not",
        "all, by 1008 or 1009",
        "Clients that sent too much were closed.",
        "Not closed as they should be");
  }

  @Override
  public void run() {
    try {
      round(attacks);
      round(floods);
      while (true) {
        round(attacks);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  void round(Series series) throws InterruptedException {
    for (Attack attack : series.attacks) {
      Optional<String> token = attack.mint.map(mint -> mint.apply("intruder"));
      try (RawWebSocket socket = RawWebSocket.open(url, token, 0, BOUND)) {
        if (attack.act.isEmpty()) {
          series.answered(attack, socket.isOpen() ? "came in" : STATUS + socket.status());
        } else if (socket.isOpen()) {
          series.answered(attack, answer(attack.act.get(), socket));
        }
      } catch (IOException e) {
        // Without a connection it was no attack; it comes again.
      }
      TimeUnit.NANOSECONDS.sleep(pause.toNanos());
    }
  }

  private String answer(Violation.Act act, RawWebSocket socket) {
    long untilNs = nanoClock.getAsLong() + BOUND.toNanos();
    try {
      try {
        act.by(socket);
      } catch (SocketException e) {
        // Closed before everything was sent: the close frame is still there to be read.
      }
      while (nanoClock.getAsLong() < untilNs) {
        RawWebSocket.Frame received = socket.read();
        if (received.first() == RawWebSocket.CLOSE) {
          return CLOSED + received.code();
        }
        if (received.first() == RawWebSocket.TEXT && received.text().contains(ERROR)) {
          return ONLY_ERROR;
        }
      }
      return ACCEPTED;
    } catch (InterruptedIOException e) {
      return ACCEPTED;
    } catch (SocketException e) {
      return "cut without a close frame";
    } catch (IOException e) {
      return String.valueOf(e.getMessage());
    }
  }
}
