package targets.ticker;

import io.netty.buffer.ByteBuf;
import java.util.Optional;
import java.util.Set;
import targets.shared.PushMessage;

/** One message of the market, encoded for all subscribers. Thread-safe. */
public final class Broadcast extends PushMessage {
  private final Subject subject;

  /** Takes over the buffers, each with a count of 1. */
  Broadcast(Feed feed, ByteBuf plain, Optional<ByteBuf> compressed) {
    super(feed.conflated(), plain, compressed);
    this.subject = feed.subject();
  }

  /**
   * Returns whether a subscriber receives it.
   *
   * @param user of the subscriber
   * @param tokens subscribed to; null for all
   */
  boolean isFor(String user, Set<String> tokens) {
    return switch (subject.kind()) {
      case PRICE, VOLUME, HOLDERS, TRADE -> tokens == null || tokens.contains(subject.name());
      case USER_TRADE -> subject.name().equals(user);
      case BATCH, STATS -> true;
    };
  }
}
