package simulations.ticker;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import settings.Signing;
import settings.TokenKey;
import settings.TokenMint;
import settings.TokenPlan;
import testing.RawWebSocket;
import testing.Violation;
import verdict.Check;
import verdict.Numbers;

/**
 * Tries what a ticker must refuse, one attack after the other while the load is on: bad tokens, by
 * 401; frames that RFC 6455 does not allow, by the close code that fits; messages without a
 * meaning, by an error message; and too much at once, by 1008 or 1009. One thread, which ends when
 * it is interrupted; each attack comes by a connection of its own.
 */
final class Attackers implements Runnable {
  private static final Duration BOUND = Duration.ofSeconds(3);
  private static final int UNAUTHORIZED = 401;
  private static final int POLICY = 1008;
  private static final int TOO_LARGE = 1009;
  private static final int ERROR_MESSAGE = 0;
  private static final int FLOOD = 300;
  private static final int LARGE = 1 << 20;
  private static final String PING = "{\"type\":\"ping\",\"timestamp\":1}";
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
          new Violation("a flood of pings", POLICY, Attackers::flood),
          Violation.text("a message of 1 MiB", TOO_LARGE, RawWebSocket.TEXT, "x".repeat(LARGE)));

  private final URI url;
  private final Duration pause;
  private final LongSupplier nanoClock;
  private final List<Attack> attacks = new ArrayList<>();
  private final List<Attack> floods;
  private final Answers answers = new Answers();
  private final Answers floodAnswers = new Answers();
  private final Set<String> tried = ConcurrentHashMap.newKeySet();

  /** An attack by one connection; its trial returns what is wrong with the answer, or nothing. */
  private record Attack(
      String name, Optional<TokenMint> mint, Function<RawWebSocket, String> trial) {}

  /** Attacks that were answered as they should be, and those that were not. */
  private static final class Answers {
    private final AtomicInteger right = new AtomicInteger();
    private final Map<String, String> wrong = new ConcurrentSkipListMap<>();

    String wrongOnes() {
      return wrong.entrySet().stream()
          .map(each -> each.getKey() + " (" + each.getValue() + ")")
          .collect(Collectors.joining(", "));
    }
  }

  /**
   * @param url of the socket, {@code ws://…/ws}
   * @param plan of a good token
   * @param pause after each attack
   * @param nanoClock monotonic nanoseconds
   */
  Attackers(URI url, TokenPlan plan, Duration pause, LongSupplier nanoClock) {
    this.url = url;
    this.pause = pause;
    this.nanoClock = nanoClock;
    attacks.add(new Attack("no token", Optional.empty(), Attackers::refusal));
    badToken("expired", plan.lasting(Duration.ofHours(-1)));
    badToken("not yet valid", plan.startingIn(Duration.ofHours(1)));
    badToken("another key", plan.signedByAnother());
    badToken("alg none", plan.signed(Signing.NONE));
    badToken("another audience", plan.meantFor("another-audience"));
    badToken("no expiry", plan.lacking("exp"));
    badToken("no user", plan.lacking(TokenPlan.USER_ID));
    Optional<TokenMint> good = mint(plan);
    FRAMES.forEach(violation -> attacks.add(attack(good, violation)));
    floods = FLOODS.stream().map(violation -> attack(good, violation)).toList();
  }

  private void badToken(String name, TokenPlan plan) {
    attacks.add(new Attack(name, mint(plan), Attackers::refusal));
  }

  private Attack attack(Optional<TokenMint> good, Violation violation) {
    return new Attack(violation.name(), good, socket -> answer(violation, socket));
  }

  private static Optional<TokenMint> mint(TokenPlan plan) {
    return Optional.of(new TokenMint(TokenKey.ofDevelopment(), plan, InstantSource.system()));
  }

  /** Returns the number of attacks that were refused as they should be. */
  int refused() {
    return answers.right.get() + floodAnswers.right.get();
  }

  /** Returns the attacks that were not refused, or by a wrong code, with what became of them. */
  Map<String, String> accepted() {
    return answers.wrong;
  }

  /** Returns the attacks that were not tried, or whose user was not let in. */
  List<String> untried() {
    return attacks.stream().map(Attack::name).filter(name -> !tried.contains(name)).toList();
  }

  /** Returns the checks of all attacks. */
  List<Check> checks() {
    boolean refused = accepted().isEmpty();
    Check attacked =
        Check.invariant(
            "attacks_refused",
            refused,
            Numbers.count(answers.right.get()) + " refused, " + accepted().size() + " kinds not",
            "all: bad tokens by 401, bad frames by RFC 6455",
            refused
                ? "Every bad token was refused before the upgrade, and every bad frame was"
                    + " answered as RFC 6455 says."
                : "Not refused, or by a wrong code: " + answers.wrongOnes() + ".");
    List<String> untried = untried();
    return List.of(
        refused && !untried.isEmpty()
            ? attacked.inconclusive("There was no time for: " + String.join(", ", untried) + ".")
            : attacked,
        flooded());
  }

  private Check flooded() {
    int ended = floodAnswers.right.get();
    int open = floodAnswers.wrong.size();
    Check check =
        Check.invariant(
            "floods_ended",
            open == 0,
            Numbers.count(ended) + " ended, " + open + " not",
            "all, by 1008 or 1009",
            open == 0
                ? "Clients that sent too much were closed."
                : "Not closed as they should be: " + floodAnswers.wrongOnes() + ".");
    return open == 0 && ended < floods.size()
        ? check.inconclusive("There was no time for every flood.")
        : check;
  }

  @Override
  public void run() {
    try {
      round();
      for (Attack flood : floods) {
        attempt(flood, floodAnswers);
      }
      while (true) {
        round();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Tries each bad token and each bad frame once. */
  void round() throws InterruptedException {
    for (Attack attack : attacks) {
      attempt(attack, answers);
    }
  }

  private void attempt(Attack attack, Answers to) throws InterruptedException {
    Optional<String> token = attack.mint().map(mint -> mint.mint("intruder"));
    try (RawWebSocket socket = RawWebSocket.open(url, token, 0, BOUND)) {
      String wrong = attack.trial().apply(socket);
      if (wrong != null) {
        tried.add(attack.name());
        if (wrong.isEmpty()) {
          to.right.incrementAndGet();
        } else {
          to.wrong.put(attack.name(), wrong);
        }
      }
    } catch (IOException e) {
      tried.remove(attack.name()); // Without a connection it was no attack; it comes again.
    }
    TimeUnit.NANOSECONDS.sleep(pause.toNanos());
  }

  private static String refusal(RawWebSocket socket) {
    if (socket.status() == UNAUTHORIZED) {
      return "";
    }
    return socket.isOpen() ? "came in" : "status " + socket.status();
  }

  /**
   * Returns what is wrong with the answer; null if the user was not let in, and has not attacked.
   */
  private String answer(Violation violation, RawWebSocket socket) {
    if (!socket.isOpen()) {
      return null;
    }
    long untilNs = nanoClock.getAsLong() + BOUND.toNanos();
    try {
      try {
        violation.act().by(socket);
      } catch (SocketException e) {
        // Closed before everything was sent: the close frame is still there to be read.
      }
      while (nanoClock.getAsLong() < untilNs) {
        RawWebSocket.Frame received = socket.read();
        if (received.first() == RawWebSocket.CLOSE) {
          return received.code() == violation.code() ? "" : "closed by " + received.code();
        }
        if (received.first() == RawWebSocket.TEXT && received.text().contains(ERROR)) {
          return violation.code() == ERROR_MESSAGE ? "" : "only an error message";
        }
      }
      return "accepted";
    } catch (InterruptedIOException e) {
      return "accepted";
    } catch (SocketException e) {
      return "cut without a close frame";
    } catch (IOException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private static void flood(RawWebSocket socket) throws IOException {
    for (int i = 0; i < FLOOD; i++) {
      socket.send(RawWebSocket.TEXT, PING);
    }
  }
}
