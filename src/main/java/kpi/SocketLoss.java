package kpi;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Why a socket was lost: the code by which it was closed (RFC 6455, section 7.4, and IANA's
 * registry), or the status by which its upgrade was refused. A closed set, for the names are
 * counters in {@code kpi.json}; a code that is not known counts as {@link #CLOSED_OTHER}.
 */
public enum SocketLoss {
  /** Closed without a complaint, though its user wanted to stay. */
  CLOSED_1000("normal"),
  /** The other side stops, or hears nothing. */
  CLOSED_1001("going away"),
  /** A frame that is not allowed. */
  CLOSED_1002("protocol error"),
  /** A kind of message that is not understood. */
  CLOSED_1003("unsupported data"),
  /** A close frame without a code. */
  CLOSED_1005("no code given"),
  /** The connection ended without a close frame. */
  CLOSED_1006("cut without a close frame"),
  /** A text that is not UTF-8. */
  CLOSED_1007("bad text"),
  /** Against the other side's policy: an expired token, too many messages. */
  CLOSED_1008("policy violation"),
  /** A message that is too long. */
  CLOSED_1009("message too long"),
  /** An extension that was asked for in vain. */
  CLOSED_1010("extension missing"),
  /** The other side failed. */
  CLOSED_1011("server error"),
  /** The other side starts anew. */
  CLOSED_1012("service restart"),
  /** Too slow, or too much asked. */
  CLOSED_1013("try again later"),
  /** Another code. */
  CLOSED_OTHER("another code"),
  /** The upgrade was not understood. */
  REFUSED_400("bad request"),
  /** The token is not good. */
  REFUSED_401("unauthorized"),
  /** The user may not. */
  REFUSED_403("forbidden"),
  /** There is no such socket. */
  REFUSED_404("not found"),
  /** Too many attempts. */
  REFUSED_429("too many requests"),
  /** The other side failed. */
  REFUSED_500("server error"),
  /** A gateway's upstream failed. */
  REFUSED_502("bad gateway"),
  /** No room, or not ready. */
  REFUSED_503("unavailable"),
  /** Another status. */
  REFUSED_OTHER("another status"),
  /** No connection, or no answer to the upgrade. */
  REFUSED_UNANSWERED("no answer");

  private static final String CLOSED = "CLOSED_";
  private static final String REFUSED = "REFUSED_";

  private final String meaning;

  SocketLoss(String meaning) {
    this.meaning = meaning;
  }

  /** The loss of a socket that was closed by a code. */
  public static SocketLoss closedBy(int code) {
    return named(CLOSED + code, CLOSED_OTHER);
  }

  /** The loss of a socket whose upgrade was answered by a status. */
  public static SocketLoss refusedBy(int status) {
    return named(REFUSED + status, REFUSED_OTHER);
  }

  /**
   * How sockets were closed that were open, in words such as {@code 45 closed by 1008 (policy
   * violation)}, in the order of this catalogue; empty if none was.
   *
   * @param counters of a run, by name
   */
  public static String closed(Map<String, Long> counters) {
    return words(counters, true);
  }

  /** How sockets were refused, in words such as {@code 3 refused by 503 (unavailable)}. */
  public static String refused(Map<String, Long> counters) {
    return words(counters, false);
  }

  private static String words(Map<String, Long> counters, boolean closed) {
    List<String> words = new ArrayList<>();
    for (SocketLoss loss : values()) {
      long count = counters.getOrDefault(loss.counter(), 0L);
      if (count > 0 && loss.name().startsWith(CLOSED) == closed) {
        words.add(String.format(Locale.ROOT, "%,d %s", count, loss.words()));
      }
    }
    return String.join(", ", words);
  }

  /** The name of the counter. */
  public String counter() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What the code or status says, for a reader. */
  public String meaning() {
    return meaning;
  }

  /** How it ended in words, such as {@code closed by 1008 (policy violation)}. */
  public String words() {
    return counter().replace('_', ' ').replaceFirst(" (?=\\d)", " by ") + " (" + meaning + ")";
  }

  private static SocketLoss named(String name, SocketLoss other) {
    for (SocketLoss loss : values()) {
      if (loss.name().equals(name)) {
        return loss;
      }
    }
    return other;
  }
}
