package targets.auction.broadcast;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import targets.auction.AuctionEvent;
import targets.auction.Cents;
import targets.auction.Names;
import targets.auction.broadcast.ItemFeeds.Stored;
import targets.shared.Json;
import targets.shared.PushClient;
import targets.shared.PushGroup;
import targets.shared.PushMessage;
import targets.shared.StoreReader;
import targets.shared.WebSocketFrames;

/**
 * The feed of one item: its state, and its events in order, once each. Used by one event loop.
 *
 * <p>Live events arrive by a subscription that exists before the state is read from the store, so
 * an event that the state lacks arrives live or is in the store.
 */
final class ItemFeed {
  private static final Duration PAUSE_MAX = Duration.ofMillis(250);

  /** Events that wait for the viewers of one event loop; above it the feed pauses. */
  private static final int BACKLOG_MAX = 4096;

  private record Gap(String type, String itemId, long from, long to) {}

  private final Map<EventLoop, PushGroup<PushMessage>> groups = new HashMap<>();
  private final List<PushClient<PushMessage>> waiting = new ArrayList<>();
  private final String itemId;
  final EventLoop loop;

  /** Used by {@link ItemFeeds} alone, under its lock. */
  int viewers;

  private final ItemFeeds feeds;
  private final StoreReader.OnLoop store;
  private final Consumer<byte[]> sender;
  private AuctionEvent last;
  private long position;
  private long seen;
  private boolean loaded;
  private boolean reading;
  private boolean readAgain;

  ItemFeed(String itemId, EventLoop loop, ItemFeeds feeds) {
    this.itemId = itemId;
    this.loop = loop;
    this.feeds = feeds;
    this.store = feeds.store.on(loop, Names.stored(itemId), PAUSE_MAX);
    this.sender = feeds.seam.path(this::send);
  }

  /** Attaches a viewer, once the state is known. */
  void join(PushClient<PushMessage> viewer) {
    if (loaded) {
      welcome(viewer);
      return;
    }
    waiting.add(viewer);
    if (!reading) {
      load();
    }
  }

  void live(Stored event) {
    seen = Math.max(seen, event.position());
    if (!loaded || reading) {
      return; // It is in the store, which is read up to the last position seen.
    }
    if (event.position() <= position) {
      feeds.counters.repeated.increment();
    } else if (isNext(event) && !isBacklogged()) {
      pass(event);
    } else {
      catchUp();
    }
  }

  /** Reads the store, because live events may have been lost. */
  void missed() {
    if (reading) {
      readAgain = true;
    } else if (loaded) {
      catchUp();
    }
  }

  private void load() {
    reading = true;
    store.last(
        message -> {
          reading = false;
          message
              .flatMap(Stored::read)
              .ifPresent(
                  stored -> {
                    last = stored.event();
                    position = stored.position();
                  });
          loaded = true;
          waiting.forEach(this::welcome);
          waiting.clear();
          if (seen > position || readAgain) {
            catchUp();
          }
        });
  }

  private void catchUp() {
    reading = true;
    if (isBacklogged()) {
      store.retry(this::catchUp);
      return;
    }
    readAgain = false;
    long seenBefore = seen;
    store.next(
        position + 1,
        message -> {
          reading = false;
          Optional<Stored> found = message.flatMap(Stored::read);
          if (found.isPresent()) {
            feeds.counters.replayed.increment();
            if (!isNext(found.get())) {
              gap(found.get().event());
            }
            pass(found.get());
            catchUp();
          } else if (readAgain || seen > seenBefore) {
            catchUp(); // It may have been stored after the answer, and arrived before it.
          }
        });
  }

  /** The first event after Redis was emptied starts at 1 again. */
  private boolean isNext(Stored event) {
    long sequence = event.event().sequence();
    return event.position() > position && (sequence == lastSequence() + 1 || sequence == 1);
  }

  private long lastSequence() {
    return last == null ? 0 : last.sequence();
  }

  private boolean isBacklogged() {
    return groups.values().stream().anyMatch(group -> group.waiting() >= BACKLOG_MAX);
  }

  private void pass(Stored stored) {
    last = stored.event();
    position = stored.position();
    feeds.counters.events.increment();
    sender.accept(stored.json());
  }

  private void send(byte[] json) {
    feeds.counters.encoded.increment();
    PushMessage message = new PushMessage(Optional.empty(), frame(json), Optional.empty());
    groups.values().forEach(group -> group.publish(message));
    message.release();
  }

  private void gap(AuctionEvent next) {
    long from = lastSequence() + 1;
    feeds.counters.missing.add(Math.max(0, next.sequence() - from));
    send(Json.bytes(new Gap("gap", itemId, from, next.sequence() - 1)));
  }

  private void welcome(PushClient<PushMessage> viewer) {
    // Twice the limit: a replayed event and its gap may come on top, and publish never blocks.
    groups
        .computeIfAbsent(
            viewer.loop(),
            of ->
                new PushGroup<>(
                    of, 2 * BACKLOG_MAX, feeds.clients, feeds.seam.delivery(PushClient::take)))
        .join(viewer, frame(state()));
  }

  private byte[] state() {
    Map<String, Object> state = new LinkedHashMap<>();
    state.put("type", "state");
    state.put("itemId", itemId);
    state.put("sequence", lastSequence());
    state.put("current_bid", Cents.decimal(last == null ? 0 : last.priceCents()));
    state.put("highest_bidder_id", last == null || last.userId().isEmpty() ? null : last.userId());
    state.put("status", last == null ? "unknown" : last.kind().status());
    return Json.bytes(state);
  }

  private static ByteBuf frame(byte[] json) {
    return WebSocketFrames.text(UnpooledByteBufAllocator.DEFAULT, json);
  }
}
