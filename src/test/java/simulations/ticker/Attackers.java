package simulations.ticker;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import settings.Signing;
import settings.TokenKey;
import settings.TokenMint;
import settings.TokenPlan;
import verdict.Check;
import verdict.Numbers;

/**
 * Who must not come in, and who must not stay: one thread that tries a bad token after the other
 * while the load is on, says too much at once, and too much in one message; beside it those of
 * {@link BadFrames}. A client of the JDK, for Gatling says little of a refused handshake.
 */
final class Attackers implements AutoCloseable {
  private static final Duration BOUND = Duration.ofSeconds(10);
  private static final long PAUSE_MS = 250;
  private static final Duration FRAMES_PAUSE = Duration.ofMillis(100);
  private static final long JOIN_MS = 30_000;
  private static final int UNAUTHORIZED = 401;
  private static final int POLICY = 1008;
  private static final int TOO_LARGE = 1009;
  private static final int FLOOD = 300;
  private static final int LARGE = 1 << 20;
  private static final String PING = "{\"type\":\"ping\",\"timestamp\":1}";

  private final URI url;
  private final TokenMint good;
  private final BadFrames frames;
  private final Map<String, Optional<TokenMint>> bad;
  private final HttpClient client = HttpClient.newBuilder().connectTimeout(BOUND).build();
  private final AtomicInteger refused = new AtomicInteger();
  private final Map<String, String> accepted = new ConcurrentHashMap<>();
  private final Map<String, String> unpunished = new ConcurrentHashMap<>();
  private final AtomicInteger punished = new AtomicInteger();
  private final Thread thread = new Thread(this::run, "attackers");
  private volatile boolean closed;

  /**
   * @param url of the socket, {@code ws://…/ws}
   * @param key that the ticker trusts
   * @param plan of a good token
   * @param nanoClock monotonic nanoseconds
   */
  Attackers(URI url, TokenKey key, TokenPlan plan, LongSupplier nanoClock) {
    this.url = url;
    InstantSource wall = InstantSource.system();
    this.good = new TokenMint(key, plan, wall);
    this.frames = new BadFrames(url, good, FRAMES_PAUSE, nanoClock);
    this.bad = new LinkedHashMap<>();
    bad.put("no token", Optional.empty());
    Map<String, TokenPlan> plans = new LinkedHashMap<>();
    plans.put("expired", plan.lasting(Duration.ofHours(-1)));
    plans.put("not yet valid", plan.startingIn(Duration.ofHours(1)));
    plans.put("another key", plan.signedByAnother());
    plans.put("alg none", plan.signed(Signing.NONE));
    plans.put("another audience", plan.meantFor("somebody-else"));
    plans.put("no expiry", plan.lacking("exp"));
    plans.put("no user", plan.lacking(TokenPlan.USER_ID));
    plans.forEach((name, each) -> bad.put(name, Optional.of(new TokenMint(key, each, wall))));
    thread.setDaemon(true);
  }

  /** Begins; only the first call counts. */
  synchronized void begin() {
    if (!closed && thread.getState() == Thread.State.NEW) {
      thread.start();
      frames.begin();
    }
  }

  /** Ends the attacks. */
  @Override
  public synchronized void close() {
    closed = true;
    try {
      thread.join(JOIN_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    frames.close();
  }

  /** How many were refused as they should be. */
  int refused() {
    return refused.get() + punished.get() + frames.refused();
  }

  /** What became of them. */
  List<Check> checks() {
    Map<String, String> through = new TreeMap<>(accepted);
    through.putAll(frames.borne());
    Check attacks =
        Check.invariant(
            "attacks_refused",
            through.isEmpty(),
            Numbers.count(refused.get() + frames.refused())
                + " refused, "
                + through.size()
                + " kinds not",
            "all: bad tokens by 401, bad frames by RFC 6455",
            through.isEmpty()
                ? "Every bad token was refused before the upgrade, and every bad frame was"
                    + " answered as RFC 6455 says."
                : "Not refused, or by a wrong code: " + BadFrames.words(through) + ".");
    Check limits =
        Check.invariant(
            "floods_ended",
            unpunished.isEmpty(),
            Numbers.count(punished.get()) + " ended, " + unpunished.size() + " not",
            "all, by 1008 or 1009",
            unpunished.isEmpty()
                ? "Who sent too much was closed."
                : "These were not closed as they should be: "
                    + BadFrames.words(new TreeMap<>(unpunished))
                    + ".");
    return List.of(through.isEmpty() ? onlyIfTried(attacks) : attacks, limits);
  }

  private Check onlyIfTried(Check attacks) {
    if (refused.get() == 0) {
      return attacks.inconclusive("There was no attack.");
    }
    List<String> untried = frames.untried();
    return untried.isEmpty()
        ? attacks
        : attacks.inconclusive("There was no time for: " + String.join(", ", untried) + ".");
  }

  private void run() {
    try {
      int round = 0;
      while (!closed) {
        for (Map.Entry<String, Optional<TokenMint>> attack : bad.entrySet()) {
          comeIn(attack.getKey(), attack.getValue().map(mint -> mint.mint("intruder")));
          TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
          if (closed) {
            return;
          }
        }
        if (round++ == 0) {
          say("a flood of pings", POLICY, FLOOD, PING);
          say("a message of 1 MiB", TOO_LARGE, 1, "x".repeat(LARGE));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void comeIn(String name, Optional<String> token) {
    try {
      open(token, new Listener()).abort();
      accepted.put(name, "came in");
    } catch (CompletionException e) {
      if (e.getCause() instanceof WebSocketHandshakeException refusal) {
        int status = refusal.getResponse().statusCode();
        if (status == UNAUTHORIZED) {
          refused.incrementAndGet();
        } else {
          accepted.put(name, "status " + status);
        }
      } else {
        accepted.put(name, String.valueOf(e.getCause()));
      }
    }
  }

  private void say(String name, int code, int times, String text) {
    Listener listener = new Listener();
    try {
      WebSocket socket = open(Optional.of(good.mint("talker")), listener);
      CompletableFuture<WebSocket> sent = CompletableFuture.completedFuture(socket);
      for (int i = 0; i < times; i++) {
        sent = sent.thenCompose(one -> one.sendText(text, true));
      }
      int closedBy =
          listener.code.completeOnTimeout(0, BOUND.toMillis(), TimeUnit.MILLISECONDS).join();
      socket.abort();
      if (closedBy == code) {
        punished.incrementAndGet();
      } else {
        unpunished.put(name, closedBy == 0 ? "was borne" : "closed by " + closedBy);
      }
    } catch (CompletionException e) {
      unpunished.put(name, String.valueOf(e.getCause()));
    }
  }

  private WebSocket open(Optional<String> token, Listener listener) {
    WebSocket.Builder builder = client.newWebSocketBuilder().connectTimeout(BOUND);
    token.ifPresent(text -> builder.header("Authorization", "Bearer " + text));
    return builder.buildAsync(url, listener).join();
  }

  /** Waits for the close. */
  private static final class Listener implements WebSocket.Listener {
    private final CompletableFuture<Integer> code = new CompletableFuture<>();

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int statusCode, String reason) {
      code.complete(statusCode);
      return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
      code.complete(-1);
    }
  }
}
