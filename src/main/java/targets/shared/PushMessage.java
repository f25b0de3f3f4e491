package targets.shared;

import io.netty.buffer.ByteBuf;
import java.util.Optional;

/**
 * One message for many clients, encoded once as the bytes of its frame. Reference-counted: each
 * holder retains it and releases it once. Thread-safe.
 */
public class PushMessage {
  private final Optional<String> feed;
  private final ByteBuf plain;
  private final ByteBuf compressed;

  /**
   * Takes over the buffers, each with a count of 1.
   *
   * @param feed within which a newer message replaces one that waits; empty to keep all
   * @param plain frame of the text
   * @param compressed frame for clients that accept permessage-deflate, if there is one
   */
  public PushMessage(Optional<String> feed, ByteBuf plain, Optional<ByteBuf> compressed) {
    this.feed = feed;
    this.plain = plain;
    this.compressed = compressed.orElseGet(plain::retain);
  }

  /** Returns the feed within which a newer message replaces one that waits; empty if none does. */
  public final Optional<String> feed() {
    return feed;
  }

  /** Returns the bytes of the frame without compression. */
  final int bytes() {
    return plain.readableBytes();
  }

  final int bytes(boolean deflates) {
    return (deflates ? compressed : plain).readableBytes();
  }

  /** Returns a view of the frame, which the write releases. */
  final ByteBuf frame(boolean deflates) {
    return (deflates ? compressed : plain).retainedDuplicate();
  }

  public final void retain() {
    plain.retain();
    compressed.retain();
  }

  public final void release() {
    plain.release();
    compressed.release();
  }
}
