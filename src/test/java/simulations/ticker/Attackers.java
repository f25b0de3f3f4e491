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
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
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
 * meaning, by an error message; and too much at once, by 1008 or 1009. One thread; each attack
 * comes by a connection of its own.
 */
final class Attackers {
  private static final Duration BOUND = Duration.ofSeconds(3);
  private static final long JOIN_MS = 20_000;
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
  private final TokenMint good;
  private final Map<String, Optional<TokenMint>> badTokens;
  private final AtomicInteger refused = new AtomicInteger();
  private final AtomicInteger ended = new AtomicInteger();
  private final Map<String, String> accepted = new ConcurrentHashMap<>();
  private final Map<String, String> notEnded = new ConcurrentHashMap<>();
  private final Set<String> tried = ConcurrentHashMap.newKeySet();
  private final Thread thread = new Thread(this::run, "attackers");
  private volatile boolean closed;

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
    this.good = mint(plan);
    this.badTokens = new TreeMap<>();
    badTokens.put("no token", Optional.empty());
    Map.of(
            "expired", plan.lasting(Duration.ofHours(-1)),
            "not yet valid", plan.startingIn(Duration.ofHours(1)),
            "another key", plan.signedByAnother(),
            "alg none", plan.signed(Signing.NONE),
            "another audience", plan.meantFor("another-audience"),
            "no expiry", plan.lacking("exp"),
            "no user", plan.lacking(TokenPlan.USER_ID))
        .forEach((name, each) -> badTokens.put(name, Optional.of(mint(each))));
    thread.setDaemon(true);
  }

  private static TokenMint mint(TokenPlan plan) {
    return new TokenMint(TokenKey.ofDevelopment(), plan, InstantSource.system());
  }

  /** Begins the attacks; later calls change nothing. */
  synchronized void begin() {
    if (!closed && thread.getState() == Thread.State.NEW) {
      thread.start();
    }
  }

  /** Ends the attacks, after the one under way. */
  synchronized void close() {
    closed = true;
    try {
      thread.join(JOIN_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Returns the number of attacks that were refused as they should be. */
  int refused() {
    return refused.get() + ended.get();
  }

  /** Returns the attacks that were not refused, or by a wrong code, with what became of them. */
  Map<String, String> accepted() {
    return new TreeMap<>(accepted);
  }

  /** Returns the attacks that were not tried, or whose user was not let in. */
  List<String> untried() {
    List<String> names = new ArrayList<>(badTokens.keySet());
    FRAMES.forEach(attack -> names.add(attack.name()));
    names.removeAll(tried);
    return names;
  }

  /** Returns the checks of all attacks. */
  List<Check> checks() {
    Check attacks =
        Check.invariant(
            "attacks_refused",
            accepted.isEmpty(),
            Numbers.count(refused.get()) + " refused, " + accepted.size() + " kinds not",
            "all: bad tokens by 401, bad frames by RFC 6455",
            accepted.isEmpty()
                ? "Every bad token was refused before the upgrade, and every bad frame was"
                    + " answered as RFC 6455 says."
                : "Not refused, or by a wrong code: " + words(accepted()) + ".");
    List<String> untried = untried();
    boolean proven = !accepted.isEmpty() || untried.isEmpty();
    return List.of(
        proven
            ? attacks
            : attacks.inconclusive("There was no time for: " + String.join(", ", untried) + "."),
        floods());
  }

  private Check floods() {
    Check check =
        Check.invariant(
            "floods_ended",
            notEnded.isEmpty(),
            Numbers.count(ended.get()) + " ended, " + notEnded.size() + " not",
            "all, by 1008 or 1009",
            notEnded.isEmpty()
                ? "Clients that sent too much were closed."
                : "Not closed as they should be: " + words(new TreeMap<>(notEnded)) + ".");
    return notEnded.isEmpty() && ended.get() < FLOODS.size()
        ? check.inconclusive("There was no time for every flood.")
        : check;
  }

  private void run() {
    try {
      for (boolean first = true; !closed; first = false) {
        round();
        if (first) {
          for (Violation flood : FLOODS) {
            attack(flood, ended, notEnded);
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Tries each bad token and each bad frame once, unless it is closed in the meantime. */
  void round() throws InterruptedException {
    for (Map.Entry<String, Optional<TokenMint>> bad : badTokens.entrySet()) {
      comeIn(bad.getKey(), bad.getValue().map(mint -> mint.mint("intruder")));
    }
    for (Violation attack : FRAMES) {
      attack(attack, refused, accepted);
    }
  }

  private void comeIn(String name, Optional<String> token) throws InterruptedException {
    if (closed) {
      return;
    }
    try (RawWebSocket socket = RawWebSocket.open(url, token, 0, BOUND)) {
      tried.add(name);
      if (socket.status() == UNAUTHORIZED) {
        refused.incrementAndGet();
      } else {
        accepted.put(name, socket.isOpen() ? "came in" : "status " + socket.status());
      }
    } catch (IOException e) {
      tried.remove(name); // Without a connection it was no attack; the next round repeats it.
    }
    TimeUnit.MILLISECONDS.sleep(pause.toMillis());
  }

  private void attack(Violation attack, AtomicInteger right, Map<String, String> wrong)
      throws InterruptedException {
    if (closed) {
      return;
    }
    try (RawWebSocket socket =
        RawWebSocket.open(url, Optional.of(good.mint("bad-manners")), 0, BOUND)) {
      if (!socket.isOpen()) {
        return; // A user who is not let in has not attacked; the next round repeats it.
      }
      tried.add(attack.name());
      String found = answer(attack, socket);
      if (found.isEmpty()) {
        right.incrementAndGet();
      } else {
        wrong.put(attack.name(), found);
      }
    } catch (IOException e) {
      tried.remove(attack.name());
    }
    TimeUnit.MILLISECONDS.sleep(pause.toMillis());
  }

  /** Returns what is wrong with the answer to an attack; empty if nothing. */
  private String answer(Violation attack, RawWebSocket socket) {
    long untilNs = nanoClock.getAsLong() + BOUND.toNanos();
    try {
      try {
        attack.act().by(socket);
      } catch (SocketException e) {
        // Closed before everything was sent: the close frame is still there to be read.
      }
      while (nanoClock.getAsLong() < untilNs) {
        RawWebSocket.Frame received = socket.read();
        if (received.first() == RawWebSocket.CLOSE) {
          return received.code() == attack.code() ? "" : "closed by " + received.code();
        }
        if (received.first() == RawWebSocket.TEXT && received.text().contains(ERROR)) {
          return attack.code() == ERROR_MESSAGE ? "" : "only an error message";
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

  private static String words(Map<String, String> found) {
    return found.entrySet().stream()
        .map(each -> each.getKey() + " (" + each.getValue() + ")")
        .collect(Collectors.joining(", "));
  }
}
