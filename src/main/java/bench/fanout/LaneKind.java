package bench.fanout;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Who passes messages on to the viewers. */
public enum LaneKind {
  /** Gauntlet's ticker. */
  TICKER("ticker", "announcer, NATS, ticker, WebSockets"),
  /** Gauntlet's broadcast of auctions. */
  BROADCAST("broadcast", "announcer, JetStream, broadcast, WebSockets"),
  /** nats-server's own listener for WebSockets. */
  NATS("nats", "announcer, nats-server, WebSockets"),
  /** The nchan module of nginx. */
  NCHAN("nchan", "announcer, HTTP, nginx with nchan, WebSockets");

  private final String word;
  private final String path;

  LaneKind(String word, String path) {
    this.word = word;
    this.path = path;
  }

  /** As the user types it. */
  String word() {
    return word;
  }

  /** What a message passes. */
  String path() {
    return path;
  }

  static Optional<LaneKind> of(String word) {
    return Arrays.stream(values()).filter(kind -> kind.word.equals(word)).findFirst();
  }

  /** All words, with commas. */
  static String words() {
    return List.of(values()).stream().map(LaneKind::word).collect(Collectors.joining(","));
  }
}
