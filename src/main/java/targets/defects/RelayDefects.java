package targets.defects;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
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
  /** Adapter: with more than the value's number of unsent tokens (100), a client's next is lost. */
  private static final String DROP_WHEN_FULL = "drop-when-full";

  /** Adapter: {@code Last-Event-ID} resumes one token too late. */
  private static final String OFF_BY_ONE_RESUME = "off-by-one-resume";

  /** Bridge: the message that ends a conversation is not passed on. */
  private static final String LOST_DONE = "lost-done";

  /** Adapter: greets the client 250 ms before it subscribes. */
  private static final String SUBSCRIBE_RACE = "subscribe-race";

  /** Adapter: {@code Last-Event-ID} repeats a token. */
  private static final String DUPLICATE_ON_RECONNECT = "duplicate-on-reconnect";

  /** Adapter: every tenth token changes places with the one behind it. */
  private static final String REORDER = "reorder";

  /** Both: ready, and without a count of losses, while NATS is away. */
  private static final String SILENT_NATS_DOWN = "silent-nats-down";

  private static final int BUFFER_OF_ORIGINAL = 100;
  private static final int BUFFER_MAX = 999_999;
  private static final long RACE_MS = 250;

  private static final PlantedError ERROR =
      new PlantedError(
          (method, path) ->
              (method.equals("GET") && path.startsWith("/stream/"))
                  || (method.equals("POST") && path.equals("/chat")),
          500,
          Map.of("error", "a planted error"),
          List.of());

  /** The bridge with the option {@code --defect}. */
  public static final TargetSpec BRIDGE =
      Defects.around(
          BridgeServer.SPEC,
          List.of(LOST_DONE, SILENT_NATS_DOWN),
          (reader, defects) -> {
            if (defects.plan().countsRequests()) {
              defects.error("fd-leak, thread-leak and error need requests; a bridge answers none");
            }
            return BridgeServer.start(
                reader, new BridgeSeam(defects), extension(defects, PlantedError.NONE));
          });

  /** The adapter with the option {@code --defect}. */
  public static final TargetSpec ADAPTER =
      Defects.around(
          AdapterServer.SPEC,
          List.of(
              DROP_WHEN_FULL,
              OFF_BY_ONE_RESUME,
              SUBSCRIBE_RACE,
              DUPLICATE_ON_RECONNECT,
              REORDER,
              SILENT_NATS_DOWN),
          (reader, defects) ->
              AdapterServer.start(reader, new AdapterSeam(defects), extension(defects, ERROR)));

  private RelayDefects() {}

  private static Extension extension(Defects defects, PlantedError error) {
    Extension troubles = defects.troubles(error);
    return defects.has(SILENT_NATS_DOWN) ? new SilentOnNats(troubles) : troubles;
  }

  private record BridgeSeam(Defects defects) implements BridgeServer.Seam {
    @Override
    public boolean passes(TokenMessage message) {
      return !message.isDone() || !defects.has(LOST_DONE);
    }

    @Override
    public Undelivered undelivered() {
      return defects.has(SILENT_NATS_DOWN) ? new SilentCount() : new Undelivered();
    }
  }

  private static final class SilentCount extends Undelivered {
    @Override
    public void add(Reason reason, long messages, String detail) {
      if (reason != Reason.NATS_AWAY) {
        super.add(reason, messages, detail);
      }
    }
  }

  /** Reports readiness without NATS and its store. */
  private record SilentOnNats(Extension troubles) implements Extension {
    @Override
    public void start(Iterable<? extends ScheduledExecutorService> loops, Counters counters) {
      troubles.start(loops, counters);
    }

    @Override
    public void connected(ChannelPipeline pipeline) {
      troubles.connected(pipeline);
    }

    @Override
    public Optional<String> unready(Optional<String> reason) {
      return reason
          .map(
              text ->
                  Arrays.stream(text.split("; ", -1))
                      .filter(part -> part.startsWith("Redis"))
                      .collect(Collectors.joining("; ")))
          .filter(text -> !text.isEmpty());
    }

    @Override
    public void close() {
      troubles.close();
    }
  }

  private static final class AdapterSeam implements AdapterServer.Seam {
    private final Defects defects;
    private final int buffer;

    AdapterSeam(Defects defects) {
      this.defects = defects;
      this.buffer = defects.number(DROP_WHEN_FULL, BUFFER_OF_ORIGINAL, 0, BUFFER_MAX);
    }

    @Override
    public StreamRequest request(StreamRequest request) {
      OptionalLong last = request.lastEventId();
      if (defects.has(OFF_BY_ONE_RESUME) && last.isPresent()) {
        last = OptionalLong.of(last.getAsLong() + 1);
      }
      boolean fromNow = request.isFromNow() || defects.has(SUBSCRIBE_RACE);
      return new StreamRequest(request.id(), request.prompt(), last, fromNow);
    }

    @Override
    public void begin(EventLoop loop, Runnable greet, Runnable subscribe) {
      if (defects.has(SUBSCRIBE_RACE)) {
        greet.run();
        var unused = loop.schedule(subscribe, RACE_MS, TimeUnit.MILLISECONDS);
      } else {
        subscribe.run();
      }
    }

    @Override
    public Consumer<Token> writer(Function<Token, ChannelFuture> honest, StreamRequest request) {
      Consumer<Token> writer =
          defects.has(DROP_WHEN_FULL)
              ? new DroppingWriter(honest, buffer)
              : AdapterServer.Seam.super.writer(honest, request);
      if (defects.has(REORDER)) {
        writer = new ReorderingWriter(writer);
      }
      if (request.lastEventId().isPresent()) {
        if (defects.has(DUPLICATE_ON_RECONNECT)) {
          writer = new RepeatingWriter(writer);
        }
        if (defects.has(OFF_BY_ONE_RESUME)) {
          Consumer<Token> all = writer;
          long last = request.lastEventId().getAsLong();
          writer = token -> Optional.of(token).filter(now -> now.sequence() > last).ifPresent(all);
        }
      }
      return writer;
    }
  }

  /** Drops a token while too many of the client's are unsent. */
  private static final class DroppingWriter implements Consumer<Token> {
    private final Function<Token, ChannelFuture> honest;
    private final int buffer;
    private int unsent;

    DroppingWriter(Function<Token, ChannelFuture> honest, int buffer) {
      this.honest = honest;
      this.buffer = buffer;
    }

    @Override
    public void accept(Token token) {
      if (unsent < buffer) {
        unsent++;
        honest.apply(token).addListener(sent -> unsent--);
      }
    }
  }

  /** Swaps every tenth token with the one behind it; the last one stays the last. */
  private static final class ReorderingWriter implements Consumer<Token> {
    private static final int EVERY = 10;

    private final Consumer<Token> honest;
    private Optional<Token> held = Optional.empty();

    ReorderingWriter(Consumer<Token> honest) {
      this.honest = honest;
    }

    @Override
    public void accept(Token token) {
      if (held.isEmpty() && !token.isDone() && token.sequence() % EVERY == 0) {
        held = Optional.of(token);
        return;
      }
      if (token.isDone()) {
        held.ifPresent(honest);
      }
      honest.accept(token);
      if (!token.isDone()) {
        held.ifPresent(honest);
      }
      held = Optional.empty();
    }
  }

  /** Writes the first token twice. */
  private static final class RepeatingWriter implements Consumer<Token> {
    private final Consumer<Token> honest;
    private boolean repeated;

    RepeatingWriter(Consumer<Token> honest) {
      this.honest = honest;
    }

    @Override
    public void accept(Token token) {
      if (!repeated && !token.isDone()) {
        repeated = true;
        honest.accept(token);
      }
      honest.accept(token);
    }
  }
}
