package kpi;

import static java.lang.String.format;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The reason why a socket was lost: the code by which it was closed (RFC 6455, section 7.4, and
 * IANA's registry), or the status by which its upgrade was refused. A closed set, for the names are
 * counters in {@code kpi.json}; an unknown code counts as {@link #CLOSED_OTHER}.
 */
public enum SocketLoss {
  /** Closed in order, before its user left. */
  CLOSED_1000("normal"),
  /** The other side stops, or received nothing for too long. */
  CLOSED_1001("going away"),
  CLOSED_1002("protocol error"),
  CLOSED_1003("unsupported data"),
  CLOSED_1005("no code given"),
  CLOSED_1006("cut without a close frame"),
  CLOSED_1007("bad text"),
  /** Against the other side's policy: an expired token, too many messages. */
  CLOSED_1008("policy violation"),
  CLOSED_1009("message too long"),
  CLOSED_1010("extension missing"),
  CLOSED_1011("server error"),
  CLOSED_1012("service restart"),
  /** Overload, or a client that is too slow. */
  CLOSED_1013("try again later"),
  CLOSED_OTHER("another code"),
  REFUSED_400("bad request"),
  REFUSED_401("unauthorized"),
  REFUSED_403("forbidden"),
  REFUSED_404("not found"),
  REFUSED_429("too many requests"),
  REFUSED_500("server error"),
  REFUSED_502("bad gateway"),
  /** Overload, or not ready. */
  REFUSED_503("unavailable"),
  REFUSED_OTHER("another answer"),
  REFUSED_UNANSWERED("no answer");

  private static final String CLOSED = "CLOSED_";
  private static final String REFUSED = "REFUSED_";

  private final String meaning;

  SocketLoss(String meaning) {
    this.meaning = meaning;
  }

  public static SocketLoss closedBy(int code) {
    return named(CLOSED + code, CLOSED_OTHER);
  }

  public static SocketLoss refusedBy(int status) {
    return named(REFUSED + status, REFUSED_OTHER);
  }

  /**
   * Returns the closed sockets in words, such as {@code 45 closed by 1008 (policy violation)}, in
   * the order of this catalogue; empty if none was.
   */
  public static String closed(Map<String, Long> counters) {
    return words(counters, CLOSED);
  }

  /** Returns the refused sockets in words, such as {@code 3 refused by 503 (unavailable)}. */
  public static String refused(Map<String, Long> counters) {
    return words(counters, REFUSED);
  }

  private static String words(Map<String, Long> counters, String kind) {
    return Arrays.stream(values())
        .filter(loss -> loss.name().startsWith(kind))
        .filter(loss -> counters.getOrDefault(loss.counter(), 0L) > 0)
        .map(loss -> format(Locale.ROOT, "%,d %s", counters.get(loss.counter()), loss.words()))
        .collect(Collectors.joining(", "));
  }

  public String counter() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns the loss in words, such as {@code closed by 1008 (policy violation)}. */
  public String words() {
    return counter().replace('_', ' ').replaceFirst(" (?=\\d)", " by ") + " (" + meaning + ")";
  }

  private static SocketLoss named(String name, SocketLoss other) {
    return Arrays.stream(values())
        .filter(loss -> loss.name().equals(name))
        .findFirst()
        .orElse(other);
  }
}
