package targets.auction.broadcast;

import io.nats.client.Message;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import targets.auction.AuctionEvent;
import targets.auction.Cents;
import targets.auction.EventKind;
import targets.auction.Names;
import targets.shared.Json;
import targets.shared.StoreReader;

/**
 * One item that is watched: its state, and its events in their order, once each. Everything happens
 * on one event loop.
 *
 * <p>Live events come by a subscription that was there before the store is asked for the state, so
 * whatever the state lacks is heard, or in the store.
 */
final class ItemFeed {
  private static final long RETRY_MS = 250;

  /** What all feeds share. */
  record Parts(StoreReader store, BroadcastMetrics metrics, Mischief mischief, int outboxBytes) {}

  private final Map<EventLoop, Audience> audiences = new HashMap<>();
  private final List<Viewer> waiting = new ArrayList<>();
  private final String itemId;
  private final EventLoop loop;
  private final Parts parts;
  private final Runnable left;
  private final Mischief.Item mischief;
  private AuctionEvent last;
  private long position;
  private long seen;
  private boolean loaded;
  private boolean asking;
  private boolean askAgain;

  /**
   * @param loop on which everything happens
   * @param left is told of each viewer that left
   */
  ItemFeed(String itemId, EventLoop loop, Parts parts, Runnable left) {
    this.itemId = itemId;
    this.loop = loop;
    this.parts = parts;
    this.left = left;
    this.mischief = parts.mischief().item();
  }

  EventLoop loop() {
    return loop;
  }

  /** A viewer came. */
  void join(Viewer viewer) {
    if (loaded) {
      seat(viewer);
      return;
    }
    waiting.add(viewer);
    if (!asking) {
      load();
    }
  }

  /** An event was heard. */
  void live(StoredEvent heard) {
    seen = Math.max(seen, heard.position());
    if (!loaded || asking) {
      return; // The store has it, and is read up to what was seen.
    }
    if (isNext(heard)) {
      pass(heard);
    } else if (heard.position() <= position) {
      parts.metrics().repeated.increment();
    } else {
      catchUp();
    }
  }

  /** Something may not have been heard. */
  void missed() {
    if (asking) {
      askAgain = true;
    } else if (loaded) {
      catchUp();
    }
  }

  private void load() {
    ask(
        parts.store().last(Names.stored(itemId)),
        found -> {
          found.ifPresent(
              stored -> {
                last = stored.event();
                position = stored.position();
              });
          loaded = true;
          waiting.forEach(this::seat);
          waiting.clear();
          if (seen > position || askAgain) {
            catchUp();
          }
        },
        this::load);
  }

  private void catchUp() {
    askAgain = false;
    long seenBefore = seen;
    ask(
        parts.store().next(Names.stored(itemId), position + 1),
        found -> {
          if (found.isPresent()) {
            parts.metrics().replayed.increment();
            if (!isNext(found.get())) {
              gap(found.get().event());
            }
            pass(found.get());
            catchUp();
          } else if (askAgain || seen > seenBefore) {
            catchUp(); // It may have been stored after the answer, and heard before it.
          }
        },
        this::catchUp);
  }

  /** The first event of a Redis that was emptied begins anew. */
  private boolean isNext(StoredEvent heard) {
    long sequence = heard.event().sequence();
    return heard.position() > position && (sequence == lastSequence() + 1 || sequence == 1);
  }

  private long lastSequence() {
    return last == null ? 0 : last.sequence();
  }

  private void ask(
      CompletableFuture<Optional<Message>> question,
      Consumer<Optional<StoredEvent>> answer,
      Runnable again) {
    asking = true;
    var unused =
        question.whenCompleteAsync(
            (message, failure) -> {
              asking = false;
              if (failure == null) {
                answer.accept(message.flatMap(StoredEvent::read));
              } else {
                asking = true;
                retry(again);
              }
            },
            loop);
  }

  private void retry(Runnable again) {
    var unused =
        loop.schedule(
            () -> {
              asking = false;
              again.run();
            },
            RETRY_MS,
            TimeUnit.MILLISECONDS);
  }

  private void pass(StoredEvent stored) {
    last = stored.event();
    position = stored.position();
    parts.metrics().events.increment();
    mischief.pass(stored.json(), this::send);
  }

  private void send(byte[] json) {
    parts.metrics().encoded.increment();
    ByteBuf frame = Frames.text(json);
    audiences.values().forEach(audience -> audience.event(frame.retain()));
    frame.release();
  }

  private void gap(AuctionEvent next) {
    long from = lastSequence() + 1;
    parts.metrics().missing.add(Math.max(0, next.sequence() - from));
    Map<String, Object> gap = new LinkedHashMap<>();
    gap.put("type", "gap");
    gap.put("itemId", itemId);
    gap.put("from", from);
    gap.put("to", next.sequence() - 1);
    send(Json.bytes(gap));
  }

  private void seat(Viewer viewer) {
    Audience audience =
        audiences.computeIfAbsent(
            viewer.loop(), of -> new Audience(of, parts.metrics(), parts.outboxBytes(), left));
    audience.join(viewer, Frames.text(state()));
  }

  private byte[] state() {
    Map<String, Object> state = new LinkedHashMap<>();
    state.put("type", "state");
    state.put("itemId", itemId);
    state.put("sequence", lastSequence());
    state.put("current_bid", Cents.decimal(last == null ? 0 : last.priceCents()));
    state.put("highest_bidder_id", last == null || last.userId().isEmpty() ? null : last.userId());
    state.put("status", last == null ? "unknown" : status(last.kind()));
    return Json.bytes(state);
  }

  private static String status(EventKind kind) {
    return kind == EventKind.CLOSED ? "closed" : "open";
  }
}
