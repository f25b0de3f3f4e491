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
import targets.shared.Extension;
import targets.shared.TargetSpec;

/** The defects of the token relay, all of the original. */
public final class RelayDefects {
  private static final int REORDER_EVERY = 10;
  private static final long RACE_MS = 250;

  public static final TargetSpec BRIDGE =
      Defects.around(
          BridgeServer.SPEC,
          Requests.NONE,
          List.of(Defect.of("lost-done"), Defect.of("silent-nats-down")),
          (reader, defects, common) ->
              BridgeServer.start(
                  reader, new BridgeSeam(defects), common, new SilentOnNats(defects)));

  public static final TargetSpec ADAPTER =
      Defects.around(
          AdapterServer.SPEC,
          Requests.of("GET /stream/.*|POST /chat"),
          List.of(
              Defect.counted("drop-when-full", 100, 0, 999_999),
              Defect.counted("stop-feed", 20, 0, 9_999_999),
              Defect.of("off-by-one-resume"),
              Defect.of("subscribe-race"),
              Defect.of("duplicate-on-reconnect"),
              Defect.of("reorder"),
              Defect.of("silent-nats-down")),
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
    public Undelivered undelivered() {
      return defects.has("silent-nats-down")
          ? new Undelivered() {
            @Override
            public void add(Reason reason, long messages, String detail) {
              if (reason != Reason.NATS_AWAY) {
                super.add(reason, messages, detail);
              }
            }
          }
          : new Undelivered();
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
      AtomicLong written = new AtomicLong();
      long last = defects.value("stop-feed");
      writer =
          shuffled(
              "stop-feed",
              writer,
              unused -> written.incrementAndGet() > last ? Fate.LOST : Fate.PASSED);
      writer = shuffled("reorder", writer, RelayDefects::reordered);
      if (request.lastEventId().isEmpty()) {
        return writer;
      }
      AtomicBoolean repeated = new AtomicBoolean();
      writer = shuffled("duplicate-on-reconnect", writer, token -> repeatedOnce(token, repeated));
      long known = request.lastEventId().getAsLong();
      return shuffled(
          "off-by-one-resume", writer, token -> token.sequence() > known ? Fate.PASSED : Fate.LOST);
    }

    private Consumer<Token> shuffled(
        String defect, Consumer<Token> honest, Function<Token, Fate> fates) {
      return defects.plant(defect, honest, all -> new Shuffle<>(all, fates));
    }
  }

  private static Fate reordered(Token token) {
    if (token.isDone()) {
      return Fate.LAST;
    }
    return token.sequence() % REORDER_EVERY == 0 ? Fate.SWAPPED : Fate.PASSED;
  }

  private static Fate repeatedOnce(Token token, AtomicBoolean repeated) {
    boolean first = !token.isDone() && repeated.compareAndSet(false, true);
    return first ? Fate.REPEATED : Fate.PASSED;
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
