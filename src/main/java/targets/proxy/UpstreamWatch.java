package targets.proxy;

import com.fasterxml.jackson.core.type.TypeReference;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.timeout.ReadTimeoutHandler;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import java.util.function.LongSupplier;
import targets.shared.Json;
import targets.shared.Replies;

/**
 * Fetches the health and the metrics of the upstream, on a connection of its own, bounded in time
 * and size. Thread-safe.
 */
// A failed write or close ends the channel, and that is seen.
@SuppressWarnings("FutureReturnValueIgnored")
final class UpstreamWatch {
  private static final Duration BOUND = Duration.ofMillis(500);
  private static final int MAX_BYTES = 256 * 1024;

  /** A probe's outcome serves this long, so that many probes do not load the upstream. */
  private static final long HEALTH_AGE_NS = 200_000_000;

  private record Health(boolean well, long atNs) {}

  private final ProxySettings settings;
  private final LongSupplier nanoClock;
  private volatile Health health;
  private volatile Map<String, Object> deepServer = Map.of();

  UpstreamWatch(ProxySettings settings, LongSupplier nanoClock) {
    this.settings = settings;
    this.nanoClock = nanoClock;
  }

  /**
   * Answers 200 if the upstream answers its own {@code /health}, with anything but a server error:
   * an upstream that has no such path is well too, and of several upstreams one is enough.
   */
  void health(EventLoop loop, Consumer<FullHttpResponse> reply) {
    Health last = health;
    if (last != null && nanoClock.getAsLong() - last.atNs < HEALTH_AGE_NS) {
      reply.accept(reply(last));
    } else {
      probe(loop, 0, reply);
    }
  }

  private void probe(EventLoop loop, int place, Consumer<FullHttpResponse> reply) {
    fetch(
        loop,
        place,
        "/health",
        status -> status >= 200 && status < 500,
        body -> {
          if (body.isEmpty() && place + 1 < settings.upstream().all().size()) {
            probe(loop, place + 1, reply);
          } else {
            health = new Health(body.isPresent(), nanoClock.getAsLong());
            reply.accept(reply(health));
          }
        });
  }

  /** Fetches the first upstream's metrics for {@link #deepServer}, then goes on. */
  void metrics(EventLoop loop, Runnable then) {
    fetch(
        loop,
        0,
        "/metrics",
        status -> status == 200,
        body -> {
          deepServer = body.map(UpstreamWatch::parse).orElse(Map.of());
          then.run();
        });
  }

  /** Returns the upstream's metrics as last fetched; empty if they could not be fetched. */
  Map<String, Object> deepServer() {
    return deepServer;
  }

  private static FullHttpResponse reply(Health health) {
    return health.well
        ? Replies.json(HttpResponseStatus.OK, Map.of("status", "ok"))
        : ProxyReplies.unavailable("the upstream does not answer", "upstream_unhealthy");
  }

  private static Map<String, Object> parse(String body) {
    try {
      return Json.MAPPER.readValue(body, new TypeReference<Map<String, Object>>() {});
    } catch (IOException e) {
      return Map.of(); // An upstream without JSON metrics has none here.
    }
  }

  /** Hands on the body of an answer with a good status; empty without one. */
  private void fetch(
      EventLoop loop, int place, String path, IntPredicate good, Consumer<Optional<String>> then) {
    Promise<Optional<String>> body = loop.newPromise();
    body.addListener(done -> then.accept(body.getNow()));
    UpstreamPool.connect(
            loop,
            settings,
            place,
            BOUND,
            new HttpClientCodec(),
            new HttpObjectAggregator(MAX_BYTES),
            new ReadTimeoutHandler(BOUND.toMillis(), TimeUnit.MILLISECONDS),
            new SimpleChannelInboundHandler<FullHttpResponse>() {
              @Override
              protected void channelRead0(ChannelHandlerContext ctx, FullHttpResponse response) {
                String text = response.content().toString(StandardCharsets.UTF_8);
                boolean taken = good.test(response.status().code());
                body.trySuccess(taken ? Optional.of(text) : Optional.empty());
                ctx.close();
              }

              @Override
              public void channelInactive(ChannelHandlerContext ctx) {
                body.trySuccess(Optional.empty());
              }

              @Override
              public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                ctx.close();
              }
            })
        .addListener(
            (ChannelFuture connected) -> {
              if (connected.isSuccess()) {
                connected.channel().writeAndFlush(request(path));
              } else {
                body.trySuccess(Optional.empty());
              }
            });
  }

  private DefaultFullHttpRequest request(String path) {
    DefaultFullHttpRequest request =
        new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, path);
    request
        .headers()
        .set(HttpHeaderNames.HOST, settings.upstream().host())
        .set(HttpHeaderNames.ACCEPT, HttpHeaderValues.APPLICATION_JSON)
        .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    return request;
  }
}
