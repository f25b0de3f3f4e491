package simulations.ticker;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import settings.TokenMint;

/**
 * Users with a good token and bad manners, one after the other while the load is on: each sends
 * something that RFC 6455 does not allow, or that means nothing, and must be closed by the code
 * that fits, or be told so. Each comes by a connection of its own.
 */
final class BadFrames implements AutoCloseable {
  private static final Duration BOUND = Duration.ofSeconds(3);
  private static final long JOIN_MS = 10_000;
  private static final int PROTOCOL = 1002;
  private static final int BINARY = 1003;
  private static final int BAD_TEXT = 1007;
  private static final int TOO_LARGE = 1009;
  private static final int TOLD = 0;
  private static final int PIECE = 12_000;
  private static final String PING = "{\"type\":\"ping\",\"timestamp\":1}";
  private static final String ERROR = "\"type\":\"error\"";

  /** Everything that is tried, in this order. */
  private static final List<Attack> ALL =
      List.of(
          new Attack(
              "bad UTF-8",
              BAD_TEXT,
              it -> it.send(RawSocket.TEXT, new byte[] {'{', (byte) 0xC3, 0x28, '}'})),
          new Attack(
              "half a surrogate pair",
              BAD_TEXT,
              it -> it.send(RawSocket.TEXT, new byte[] {(byte) 0xED, (byte) 0xA0, (byte) 0x80})),
          new Attack("a binary message", BINARY, it -> it.send(RawSocket.BINARY, PING)),
          new Attack(
              "a frame said to be of 1 GiB", TOO_LARGE, it -> it.sendHead(RawSocket.TEXT, 1 << 30)),
          new Attack("a long message in pieces", TOO_LARGE, BadFrames::longInPieces),
          new Attack("no mask", PROTOCOL, it -> it.sendUnmasked(RawSocket.TEXT, PING)),
          new Attack("a reserved bit", PROTOCOL, it -> it.send(RawSocket.TEXT | 0x40, PING)),
          new Attack("an unknown opcode", PROTOCOL, it -> it.send(0x83, PING)),
          new Attack("an unknown control opcode", PROTOCOL, it -> it.send(0x8B, "")),
          new Attack("a ping in pieces", PROTOCOL, it -> it.send(RawSocket.PING & 0x0F, "x")),
          new Attack("a long ping", PROTOCOL, it -> it.send(RawSocket.PING, "x".repeat(126))),
          new Attack("a piece of nothing", PROTOCOL, it -> it.send(RawSocket.ENDS, "x")),
          new Attack("a text within a text", PROTOCOL, BadFrames::textInText),
          new Attack("half a close code", PROTOCOL, it -> it.send(RawSocket.CLOSE, new byte[] {3})),
          new Attack(
              "a close code that nobody may send",
              PROTOCOL,
              it -> it.send(RawSocket.CLOSE, new byte[] {3, (byte) 0xED})),
          new Attack("broken JSON", TOLD, it -> it.send(RawSocket.TEXT, "{\"type\":\"ping\"")),
          new Attack("JSON of no message", TOLD, it -> it.send(RawSocket.TEXT, "[1,2,3]")));

  private final URI url;
  private final TokenMint mint;
  private final Duration pause;
  private final LongSupplier nanoClock;
  private final AtomicInteger refused = new AtomicInteger();
  private final Map<String, String> borne = new ConcurrentHashMap<>();
  private final Set<String> tried = ConcurrentHashMap.newKeySet();
  private final Thread thread = new Thread(this::run, "bad frames");
  private volatile boolean closed;

  /** What is sent, and the code by which it is to be closed; {@link #TOLD} for an error message. */
  private record Attack(String name, int code, Misdeed misdeed) {}

  private interface Misdeed {
    void by(RawSocket socket) throws IOException;
  }

  /**
   * @param url of the socket, {@code ws://…/ws}
   * @param mint makes good tokens
   * @param pause after each
   * @param nanoClock monotonic nanoseconds
   */
  BadFrames(URI url, TokenMint mint, Duration pause, LongSupplier nanoClock) {
    this.url = url;
    this.mint = mint;
    this.pause = pause;
    this.nanoClock = nanoClock;
    thread.setDaemon(true);
  }

  /** Begins; only the first call counts. */
  synchronized void begin() {
    if (!closed && thread.getState() == Thread.State.NEW) {
      thread.start();
    }
  }

  /** Ends the attacks; the one under way is let end. */
  @Override
  public synchronized void close() {
    closed = true;
    try {
      thread.join(JOIN_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** How many were refused as they should be. */
  int refused() {
    return refused.get();
  }

  /** Those that were not, with what became of them. */
  Map<String, String> borne() {
    return new TreeMap<>(borne);
  }

  /** Those that there was no time for. */
  List<String> untried() {
    return ALL.stream().map(Attack::name).filter(name -> !tried.contains(name)).toList();
  }

  /** Tries each once, unless it is closed in the meantime. */
  void round() throws InterruptedException {
    for (Attack attack : ALL) {
      if (closed) {
        return;
      }
      attack(attack);
      TimeUnit.MILLISECONDS.sleep(pause.toMillis());
    }
  }

  private void run() {
    try {
      while (!closed) {
        round();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void attack(Attack attack) {
    try (RawSocket socket = RawSocket.open(url, mint.mint("bad-manners"), 0, BOUND)) {
      tried.add(attack.name());
      String wrong = verdict(attack, socket);
      if (wrong.isEmpty()) {
        refused.incrementAndGet();
      } else {
        borne.put(attack.name(), wrong);
      }
    } catch (IOException e) {
      // Who does not get in has not attacked; it is tried again in the next round.
      tried.remove(attack.name());
    }
  }

  /** What is wrong with the answer; empty if nothing. */
  private String verdict(Attack attack, RawSocket socket) {
    long untilNs = nanoClock.getAsLong() + BOUND.toNanos();
    try {
      attack.misdeed().by(socket);
      while (nanoClock.getAsLong() < untilNs) {
        RawSocket.Received received = socket.read();
        if (received.isClose()) {
          return received.code() == attack.code() ? "" : "closed by " + received.code();
        }
        if (received.isText() && received.text().contains(ERROR)) {
          return attack.code() == TOLD ? "" : "only told";
        }
      }
      return "was borne";
    } catch (InterruptedIOException e) {
      return "was borne";
    } catch (SocketException e) {
      return "cut without a close frame";
    } catch (IOException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private static void longInPieces(RawSocket socket) throws IOException {
    socket.send(RawSocket.TEXT_BEGINS, "x".repeat(PIECE));
    socket.send(RawSocket.CONTINUES, "x".repeat(PIECE));
  }

  private static void textInText(RawSocket socket) throws IOException {
    socket.send(RawSocket.TEXT_BEGINS, "x");
    socket.send(RawSocket.TEXT, "y");
  }

  /** For reasons of checks. */
  static String words(Map<String, String> found) {
    return found.entrySet().stream()
        .map(each -> each.getKey() + " (" + each.getValue() + ")")
        .collect(Collectors.joining(", "));
  }
}
