package targets.ticker;

import io.netty.buffer.ByteBuf;
import java.util.Optional;
import java.util.Set;

/**
 * One message for many, as the bytes of its frame. Whoever keeps it retains it and releases it
 * later, each once. Thread-safe.
 */
final class Broadcast {
  private final Feed feed;
  private final ByteBuf plain;
  private final Optional<ByteBuf> compressed;

  /** Takes the buffers over, each with a count of 1. */
  Broadcast(Feed feed, ByteBuf plain, Optional<ByteBuf> compressed) {
    this.feed = feed;
    this.plain = plain;
    this.compressed = compressed;
  }

  Feed feed() {
    return feed;
  }

  /**
   * Whether a client gets it.
   *
   * @param user of the client
   * @param tokens that it subscribed to; null if it never said, and gets all
   */
  boolean isFor(String user, Set<String> tokens) {
    Subject subject = feed.subject();
    return switch (subject.kind()) {
      case PRICE, VOLUME, HOLDERS, TRADE -> tokens == null || tokens.contains(subject.name());
      case USER_TRADE -> subject.name().equals(user);
      case BATCH, STATS -> true;
    };
  }

  /** True if a newer one of the same feed may take its place. */
  boolean conflates() {
    return feed.subject().kind().conflates();
  }

  /** Bytes of its frame, not compressed. */
  int bytes() {
    return plain.readableBytes();
  }

  /** Bytes of the frame that a client gets. */
  int bytes(boolean deflates) {
    return (deflates ? compressed.orElse(plain) : plain).readableBytes();
  }

  /** A view of the frame to write, which the write releases. */
  ByteBuf frame(boolean deflates) {
    return (deflates ? compressed.orElse(plain) : plain).retainedDuplicate();
  }

  Broadcast retain() {
    plain.retain();
    compressed.ifPresent(ByteBuf::retain);
    return this;
  }

  void release() {
    plain.release();
    compressed.ifPresent(ByteBuf::release);
  }
}
