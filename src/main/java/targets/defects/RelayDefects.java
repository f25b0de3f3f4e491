package targets.defects;

import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import targets.defects.CommonDefects.Requests;
import targets.defects.Shuffle.Fate;
import targets.relay.adapter.AdapterServer;
import targets.relay.adapter.StreamRequest;
import targets.relay.adapter.Token;
import targets.relay.bridge.BridgeServer;
import targets.relay.message.TokenMessage;
import targets.relay.message.Undelivered;
import targets.shared.Counters;
import targets.shared.Extension;
import targets.shared.TargetSpec;

/** The defects of the token relay, all of the original. */
public final class RelayDefects {
  private static final int REORDER_EVERY = 10;
  private static final long RACE_MS = 250;
  private static final List<String> SHUFFLED =
      List.of("stop-feed", "off-by-one-resume", "duplicate-on-reconnect", "reorder");

  public static final TargetSpec BRIDGE =
      Defects.around(
          BridgeServer.SPEC,
          Requests.NONE,
          "lost-done, silent-nats-down",
          (reader, defects, common) ->
              BridgeServer.start(
                  reader, new BridgeSeam(defects), common, new SilentOnNats(defects)));

  public static final TargetSpec ADAPTER =
      Defects.around(
          AdapterServer.SPEC,
          Requests.of("GET /stream/.*|POST /chat"),
          "drop-when-full[=100] in 0..999999, stop-feed[=20] in 0..9999999, off-by-one-resume,"
              + " subscribe-race, duplicate-on-reconnect, reorder, silent-nats-down",
          (reader, defects, common) ->
              AdapterServer.start(
                  reader, new AdapterSeam(defects), common, new SilentOnNats(defects)));

  private RelayDefects() {}

  /** Reports readiness without NATS and its store. */
  private record SilentOnNats(Defects defects) implements Extension {
    @Override
    public Optional<String> unready(Optional<String> reason) {
      return defects.plant(
          "silent-nats-down",
          reason,
          all ->
              all.stream()
                  .flatMap(text -> Stream.of(text.split("; ", -1)))
                  .filter(part -> part.startsWith("Redis"))
                  .findFirst());
    }
  }

  private record BridgeSeam(Defects defects) implements BridgeServer.Seam {
    @Override
    public boolean passes(TokenMessage message) {
      return !message.isDone() || !defects.has("lost-done");
    }

    @Override
    public Undelivered undelivered(Counters counters) {
      return defects.has("silent-nats-down")
          ? new Undelivered(counters) {
            @Override
            public synchronized void add(Reason reason, long messages, String detail) {
              if (reason != Reason.NATS_AWAY) {
                super.add(reason, messages, detail);
              }
            }
          }
          : new Undelivered(counters);
    }
  }

  private record AdapterSeam(Defects defects) implements AdapterServer.Seam {
    @Override
    public StreamRequest request(StreamRequest request) {
      OptionalLong last = request.lastEventId();
      if (defects.has("off-by-one-resume") && last.isPresent()) {
        last = OptionalLong.of(last.getAsLong() + 1);
      }
      boolean fromNow = request.isFromNow() || defects.has("subscribe-race");
      return new StreamRequest(request.id(), request.prompt(), last, fromNow);
    }

    @Override
    public void begin(EventLoop loop, Runnable greet, Runnable subscribe) {
      if (defects.has("subscribe-race")) {
        greet.run();
        var unused = loop.schedule(subscribe, RACE_MS, TimeUnit.MILLISECONDS);
      } else {
        subscribe.run();
      }
    }

    @Override
    public Consumer<Token> writer(Function<Token, ChannelFuture> honest, StreamRequest request) {
      Consumer<Token> writer =
          defects.plant(
              "drop-when-full",
              AdapterServer.Seam.super.writer(honest, request),
              unused -> dropping(honest, defects.value("drop-when-full")));
      return defects.hasAny(SHUFFLED) ? new Shuffle<>(writer, fates(request)) : writer;
    }

    private Function<Token, Fate> fates(StreamRequest request) {
      long known = request.lastEventId().orElse(-1);
      AtomicLong written = new AtomicLong();
      AtomicBoolean repeats =
          new AtomicBoolean(known >= 0 && defects.has("duplicate-on-reconnect"));
      return token -> {
        if ((defects.has("off-by-one-resume") && token.sequence() <= known)
            || defects.ends("stop-feed", written.incrementAndGet())) {
          return Fate.LOST;
        }
        if (token.isDone()) {
          return Fate.LAST;
        }
        if (repeats.getAndSet(false)) {
          return Fate.REPEATED;
        }
        boolean swapped = defects.has("reorder") && token.sequence() % REORDER_EVERY == 0;
        return swapped ? Fate.SWAPPED : Fate.PASSED;
      };
    }
  }

  /** Drops a token, unless it is the last, while too many of the client's are unsent. */
  private static Consumer<Token> dropping(Function<Token, ChannelFuture> honest, long buffer) {
    AtomicInteger unsent = new AtomicInteger();
    return token -> {
      if (unsent.get() < buffer || token.isDone()) {
        unsent.incrementAndGet();
        honest.apply(token).addListener(sent -> unsent.decrementAndGet());
      }
    };
  }
}
