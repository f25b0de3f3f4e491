package targets.llm;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import settings.SettingsReader;
import targets.shared.Clocks;
import targets.shared.Counters;
import targets.shared.Extension;
import targets.shared.HttpEdge;
import targets.shared.Pacer;
import targets.shared.Replies;
import targets.shared.Service;
import targets.shared.StreamSlots;
import targets.shared.TargetSpec;

/** An OpenAI-compatible chat-completions server; see the package. Thread-safe. */
public final class LlmServer {
  public static final TargetSpec SPEC =
      new TargetSpec(
          "llm",
          10081,
          "OpenAI-compatible token streams at an exact pace",
          LlmSettings.class,
          reader -> start(reader, (plan, stream, seed) -> plan));

  /** A stream waits for its client while more than this waits for the socket. */
  private static final WriteBufferWaterMark WAITING_BYTES =
      new WriteBufferWaterMark(16 * 1024, 32 * 1024);

  private static final String MODELS = "/v1/models";

  final LlmSettings settings;
  final Metrics metrics = new Metrics();
  final Service service;
  final Clocks clocks = Clocks.SYSTEM;
  final Plans plans;
  final StreamSlots slots;

  /** Makes ids differ from those of the server's earlier lives. */
  final long serial = clocks.wall().millis();

  /** Numbers the answers, from 0. */
  final AtomicLong numbers = new AtomicLong();

  private final Map<EventLoop, Pacer> pacers = new ConcurrentHashMap<>();
  private final Map<String, Object> model =
      Map.of(
          "id",
          ChatRequest.DEFAULT_MODEL,
          "object",
          "model",
          "created",
          clocks.wall().instant().getEpochSecond(),
          "owned_by",
          "gauntlet");

  /** Chooses the plan that a stream follows. */
  public interface Plans {
    /** Returns the plan of a stream by its number, from 0, and the server's seed. */
    StreamPlan of(StreamPlan plan, long stream, long seed);
  }

  /** The way that a request takes. */
  sealed interface Routed permits ChatRequest, Refusal, Page {}

  record Page(FullHttpResponse reply) implements Routed {}

  private LlmServer(LlmSettings settings, Plans plans, Extension... extensions) {
    this.settings = settings;
    this.plans = plans;
    service = new Service("llm", settings.threads(), metrics, extensions);
    slots = new StreamSlots(settings.maxStreams());
    service.drains(
        slots, settings.drain(), channel -> channel.pipeline().get(Connection.class).cutShort());
  }

  /** Starts a server, as {@link TargetSpec#start} does. */
  public static Service start(SettingsReader reader, Plans plans, Extension... extensions) {
    LlmServer server = new LlmServer(reader.finish(LlmSettings.class), plans, extensions);
    LlmSettings all = server.settings;
    server.service.listen(all.listener(), server::accept);
    return server.service;
  }

  private void accept(SocketChannel channel) {
    channel.config().setWriteBufferWaterMark(WAITING_BYTES);
    Pacer pacer =
        pacers.computeIfAbsent(channel.eventLoop(), loop -> new Pacer(loop, clocks.nano()));
    Connection connection = new Connection(this, pacer);
    service.fill(channel, connection.collector(settings.maxBody()), connection);
  }

  Routed route(FullHttpRequest request) {
    Optional<QueryStringDecoder> query = HttpEdge.query(request);
    if (query.isEmpty()) {
      return Refusal.BAD_HTTP;
    }
    String path = query.get().path();
    Optional<Dialect> dialect = Dialect.at(path);
    if (dialect.isEmpty()) {
      return page(request, path);
    }
    metrics.requests.increment();
    Routed routed = chat(dialect.get(), request, query.get());
    if (routed instanceof Refusal) {
      metrics.rejected.increment();
    }
    return routed;
  }

  /** Returns the reply to a request whose body is above the limit, wherever it is sent. */
  FullHttpResponse tooLarge(HttpRequest request) {
    if (HttpEdge.query(request).flatMap(query -> Dialect.at(query.path())).isPresent()) {
      metrics.requests.increment();
      metrics.rejected.increment();
    }
    return Refusal.tooLarge(settings.maxBody()).reply();
  }

  /** Takes a slot for an answer, or returns the reply that there is none. */
  Optional<FullHttpResponse> admit() {
    if (slots.take()) {
      metrics.started.increment();
      return Optional.empty();
    }
    metrics.rejected.increment();
    Refusal full = Refusal.atCapacity(settings.maxStreams());
    return Optional.of((service.isStopping() ? Refusal.STOPPING : full).reply());
  }

  private Routed chat(Dialect dialect, FullHttpRequest request, QueryStringDecoder query) {
    if (!request.method().equals(HttpMethod.POST)) {
      return Refusal.wrongMethod(request.method().name(), "POST");
    }
    if (service.isStopping()) {
      return Refusal.STOPPING;
    }
    return hasKey(request)
        ? ChatFields.read(dialect, ByteBufUtil.getBytes(request.content()), query, settings)
        : Refusal.BAD_KEY;
  }

  private Routed page(FullHttpRequest request, String path) {
    boolean own = Service.PAGES.contains(path);
    String method = request.method().name();
    if (!own && !path.equals(MODELS) && !path.startsWith(MODELS + "/")) {
      return Refusal.unknownPath(method, path);
    }
    if (!method.equals("GET") && !method.equals("HEAD")) {
      return Refusal.wrongMethod(method, "GET, HEAD");
    }
    if (own) {
      return new Page(service.reply(request, path));
    }
    return hasKey(request) ? models(path) : Refusal.BAD_KEY;
  }

  private Routed models(String path) {
    boolean all = path.equals(MODELS);
    if (!all && !path.equals(MODELS + "/" + ChatRequest.DEFAULT_MODEL)) {
      return Refusal.unknownModel(path.substring(MODELS.length() + 1));
    }
    Map<String, Object> page = all ? Map.of("object", "list", "data", List.of(model)) : model;
    return new Page(Replies.json(HttpResponseStatus.OK, page));
  }

  private boolean hasKey(HttpRequest request) {
    if (settings.apiKey().isEmpty()) {
      return true;
    }
    String sent = request.headers().get(HttpHeaderNames.AUTHORIZATION, "");
    String bare = request.headers().get("x-api-key");
    sent = bare == null ? sent : "Bearer " + bare;
    String wanted = "Bearer " + settings.apiKey().get();
    // In constant time, or the key could be guessed letter by letter.
    return MessageDigest.isEqual(
        sent.getBytes(StandardCharsets.UTF_8), wanted.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * What the server counts. Thread-safe.
   *
   * <p>An answer that is not streamed is a stream too, of no events. A stream is over when its last
   * byte was handed to the socket, or the connection was lost.
   */
  static final class Metrics extends Counters {
    {
      difference(
          "active_streams",
          "Answers under way",
          "total_streams",
          List.of("completed_streams", "aborted_streams"));
    }

    final LongAdder started = counter("total_streams", "llm_streams", "Answers started");
    final LongAdder completed = counter("completed_streams", "Answers handed whole to the socket");
    final LongAdder aborted =
        counter("aborted_streams", "Answers that ended before they were whole");
    final LongAdder eventsSent = counter("events_sent", "SSE events written, [DONE] included");
    final LongAdder eventsCompleted =
        counter("events_completed", "SSE events of completed streams");
    final LongAdder bytesSent =
        counter("bytes_sent", "Bytes of events and bodies, without HTTP framing");
    final LongAdder requests = counter("requests", "Requests for a chat completion");
    final LongAdder rejected =
        counter("rejected_requests", "Requests for a chat completion refused");
    final LongAdder bufferLimitHits =
        counter("buffer_limit_hits", "Times a stream had to wait for its client");
    final LongAccumulator bufferedBytesMax = new LongAccumulator(Math::max, 0);

    Metrics() {
      super("llm_");
      gauge(
          "buffered_bytes_max",
          "The most bytes that ever waited for one connection when its limit was hit",
          bufferedBytesMax::get);
    }
  }
}
