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
import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import targets.shared.Json;
import targets.shared.NatsLink;
import targets.ticker.TickerMetrics.Trouble;

/**
 * Hears the market on NATS and makes each message into one broadcast, whoever receives it. Heard by
 * one thread; everything else is thread-safe.
 */
final class Market implements NatsLink.Watcher {
  /** The longest message of the market. */
  static final int BYTES_MAX = 64 * 1024;

  private static final Logger LOG = LoggerFactory.getLogger(Market.class);

  /** What may wait in NATS's client while the loops are behind; then it drops and counts. */
  private static final long WAITING_MAX = 65_536;

  private static final long WAITING_BYTES_MAX = 64L << 20;
  private static final Duration FLUSH = Duration.ofSeconds(2);

  /** Numbers pass as they were written. */
  private static final ObjectReader READER =
      Json.MAPPER
          .readerFor(JsonNode.class)
          .with(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .without(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES);

  private final TickerMetrics metrics;
  private final int feedsMax;
  private final Optional<Deflation> deflation;
  private final LongSupplier unixNs;
  private final long epoch;
  private final ConcurrentMap<String, Feed> feeds = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, String> names = new ConcurrentHashMap<>();
  private volatile Audiences audiences;
  private volatile Dispatcher dispatcher;
  private volatile long droppedBefore;

  /**
   * @param feedsMax feeds told apart
   * @param deflates whether broadcasts are packed too
   * @param unixNs stamps broadcasts
   */
  Market(TickerMetrics metrics, int feedsMax, boolean deflates, LongSupplier unixNs) {
    this.metrics = metrics;
    this.feedsMax = feedsMax;
    this.deflation = deflates ? Optional.of(new Deflation()) : Optional.empty();
    this.unixNs = unixNs;
    this.epoch = unixNs.getAsLong();
    metrics.gauge("feeds", "Feeds heard of", feeds::size);
    metrics.counter("nats_dropped", "Messages that NATS's client dropped", this::droppedSoFar);
  }

  /** Who hears what is heard; before the connection is begun. */
  void playTo(Audiences everybody) {
    audiences = everybody;
  }

  /** The same name, but one that is kept anyway, if there is one. */
  String canonical(String name) {
    return names.getOrDefault(name, name);
  }

  /** Every feed, by name. */
  List<Map<String, Object>> feeds() {
    return feeds.values().stream()
        .sorted(Comparator.comparing(feed -> feed.subject().feed()))
        .map(Feed::asMap)
        .toList();
  }

  @Override
  public void connected(Connection connection) {
    Dispatcher made = connection.createDispatcher(this::heard);
    made.setPendingLimits(WAITING_MAX, WAITING_BYTES_MAX);
    Subject.ALL.forEach(made::subscribe);
    droppedBefore = droppedSoFar();
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
  public void resubscribed() {}

  @Override
  public void dropped() {
    LOG.warn("NATS's client drops messages: the ticker is too slow for them");
  }

  private long droppedSoFar() {
    Dispatcher now = dispatcher;
    return droppedBefore + (now == null ? 0 : now.getDroppedCount());
  }

  private void heard(Message message) {
    Optional<Subject> subject = Subject.read(message.getSubject());
    if (subject.isEmpty()) {
      trouble(Trouble.BAD_SUBJECT, "a subject that means nothing");
    } else if (message.getData().length > BYTES_MAX) {
      trouble(Trouble.TOO_LARGE, "a message of more than " + BYTES_MAX + " bytes");
    } else {
      feed(subject.get(), message.getSubject()).ifPresent(feed -> pass(feed, message.getData()));
    }
  }

  private Optional<Feed> feed(Subject subject, String text) {
    Feed known = feeds.get(text);
    if (known != null) {
      return Optional.of(known);
    }
    if (feeds.size() >= feedsMax) {
      trouble(Trouble.TOO_MANY_FEEDS, "more than " + feedsMax + " feeds; raise --max-feeds");
      return Optional.empty();
    }
    names.putIfAbsent(subject.name(), subject.name());
    Feed made = new Feed(subject, epoch);
    feeds.put(text, made);
    return Optional.of(made);
  }

  private void pass(Feed feed, byte[] data) {
    Optional<byte[]> json = complete(feed, data);
    if (json.isEmpty()) {
      trouble(Trouble.MALFORMED, "not a JSON object, or its seq is no whole number from 1");
      return;
    }
    ByteBufAllocator memory = ByteBufAllocator.DEFAULT;
    metrics.broadcasts.increment();
    audiences.publish(
        new Broadcast(
            feed,
            Frames.text(memory, json.get()),
            deflation.map(packer -> Frames.compressedText(memory, packer.pack(json.get())))));
  }

  /** The message as everybody gets it; empty if it is none. */
  private Optional<byte[]> complete(Feed feed, byte[] data) {
    long now = unixNs.getAsLong();
    try {
      JsonNode read = READER.readTree(data);
      if (!(read instanceof ObjectNode message)) {
        return Optional.empty();
      }
      if (!message.has("seq")) { // A publisher without sequences.
        message.put("seq", feed.sequence() + 1).put("epoch", epoch);
      }
      long sequence = message.path("seq").asLong();
      long ofEpoch = message.path("epoch").asLong();
      if (!message.path("seq").isIntegralNumber() || sequence < 1) {
        return Optional.empty();
      }
      long missingBefore = feed.missing();
      if (feed.heard(ofEpoch, sequence) == Feed.Place.REPEATED) {
        metrics.repeated.increment();
      }
      metrics.missing.add(feed.missing() - missingBefore);
      Subject subject = feed.subject();
      message.put("type", subject.kind().type()).put("feed", subject.feed());
      subject.token().ifPresent(token -> message.put("token", token));
      message.put("nonce", subject.feed() + "-" + ofEpoch + "-" + sequence);
      if (!message.has("published")) {
        message.put("published", now);
      }
      return Optional.of(Json.bytes(message.put("relayed", now)));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private void trouble(Trouble kind, String reason) {
    if (metrics.trouble(kind)) {
      LOG.warn("not passed on: {} (said once; the metrics count on)", reason);
    }
  }
}
