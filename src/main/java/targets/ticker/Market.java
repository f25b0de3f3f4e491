package targets.ticker;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.Message;
import io.netty.buffer.ByteBufAllocator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.zip.Deflater;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import targets.shared.Json;
import targets.shared.NatsLink;
import targets.shared.WebSocketFrames;
import targets.ticker.Feeds.Broadcast;
import targets.ticker.Feeds.Feed;
import targets.ticker.TickerMetrics.Trouble;

/**
 * Receives the market from NATS and publishes each message as one broadcast. Messages arrive on one
 * thread; everything else is thread-safe.
 */
final class Market implements NatsLink.Watcher {
  static final int BYTES_MAX = 64 * 1024;

  private static final Logger LOG = LoggerFactory.getLogger(Market.class);

  private static final Duration FLUSH = Duration.ofSeconds(2);

  /** Keeps numbers as they were written. */
  private static final ObjectReader READER =
      Json.MAPPER
          .readerFor(JsonNode.class)
          .with(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .without(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES);

  private final Subscribers subscribers;
  private final Optional<Deflation> deflation;
  private volatile Dispatcher dispatcher;
  private volatile long droppedBefore;

  Market(Subscribers subscribers) {
    this.subscribers = subscribers;
    boolean deflates = subscribers.settings.deflate();
    this.deflation = deflates ? Optional.of(new Deflation()) : Optional.empty();
  }

  long dropCount() {
    Dispatcher now = dispatcher;
    return droppedBefore + (now == null ? 0 : now.getDroppedCount());
  }

  @Override
  public void connected(Connection connection) {
    Dispatcher made = NatsLink.dispatcher(connection, this::received);
    Subject.ALL.forEach(made::subscribe);
    droppedBefore = dropCount();
    dispatcher = made;
    try {
      connection.flush(FLUSH);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (TimeoutException e) {
      throw new IllegalStateException("NATS does not answer", e);
    }
  }

  @Override
  public void dropped() {
    LOG.warn("NATS's client drops messages: the ticker is too slow for them");
  }

  private void received(Message message) {
    Optional<Subject> subject = Subject.read(message.getSubject());
    if (subject.isEmpty()) {
      reject(Trouble.BAD_SUBJECT, "an unknown subject");
    } else if (message.getData().length > BYTES_MAX) {
      reject(Trouble.TOO_LARGE, "a message of more than " + BYTES_MAX + " bytes");
    } else {
      Optional<Feed> feed = subscribers.feeds.of(subject.get(), message.getSubject());
      if (feed.isPresent()) {
        publish(feed.get(), message.getData());
      } else {
        reject(
            Trouble.TOO_MANY_FEEDS,
            "more than " + subscribers.feeds.max + " feeds; raise --max-feeds");
      }
    }
  }

  private void publish(Feed feed, byte[] data) {
    Optional<byte[]> json = complete(feed, data);
    if (json.isEmpty()) {
      reject(Trouble.MALFORMED, "not a JSON object, or its seq is no whole number from 1");
      return;
    }
    ByteBufAllocator memory = ByteBufAllocator.DEFAULT;
    subscribers.metrics.broadcasts.increment();
    subscribers.publish(
        new Broadcast(
            feed,
            WebSocketFrames.text(memory, json.get()),
            deflation.map(
                packer -> WebSocketFrames.compressedText(memory, packer.pack(json.get())))));
  }

  /** Returns the message as all clients receive it; empty if it is malformed. */
  private Optional<byte[]> complete(Feed feed, byte[] data) {
    try {
      JsonNode read = READER.readTree(data);
      if (!(read instanceof ObjectNode message)) {
        return Optional.empty();
      }
      if (!message.has("seq")) { // A publisher without sequences.
        message.put("seq", feed.sequence() + 1).put("epoch", subscribers.feeds.epoch);
      }
      long sequence = message.path("seq").asLong();
      if (!message.path("seq").isIntegralNumber() || sequence < 1) {
        return Optional.empty();
      }
      long epoch = message.path("epoch").asLong();
      long skipped = feed.advance(epoch, sequence);
      if (skipped == Feed.REPEATED) {
        subscribers.metrics.repeated.increment();
      } else {
        subscribers.metrics.missing.add(skipped);
      }
      stamp(message, feed.subject(), epoch + "-" + sequence);
      return Optional.of(Json.bytes(message));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private void stamp(ObjectNode message, Subject subject, String place) {
    long now = subscribers.clocks.unixNs();
    message.put("type", subject.kind().type).put("feed", subject.feed());
    if (subject.isOfToken()) {
      message.put("token", subject.name());
    }
    message.put("nonce", subject.feed() + "-" + place);
    if (!message.has("published")) {
      message.put("published", now);
    }
    message.put("relayed", now);
  }

  private void reject(Trouble kind, String reason) {
    if (subscribers.metrics.trouble(kind)) {
      LOG.warn("rejected: {} (logged once; the metrics continue to count)", reason);
    }
  }

  /**
   * Compresses each message by itself (RFC 7692 with {@code server_no_context_takeover}), so one
   * result serves all receivers and no connection needs a window. One thread.
   */
  static final class Deflation {
    /** A flush ends with 4 bytes that the extension leaves out. */
    private static final int TAIL_BYTES = 4;

    private final Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
    private final byte[] chunk = new byte[8 * 1024];

    byte[] pack(byte[] message) {
      deflater.reset();
      deflater.setInput(message);
      ByteArrayOutputStream out = new ByteArrayOutputStream(message.length);
      int count = chunk.length;
      while (count == chunk.length) {
        count = deflater.deflate(chunk, 0, chunk.length, Deflater.SYNC_FLUSH);
        out.write(chunk, 0, count);
      }
      byte[] packed = out.toByteArray();
      return Arrays.copyOf(packed, packed.length - TAIL_BYTES);
    }
  }
}
