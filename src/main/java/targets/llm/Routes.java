package targets.llm;

import io.netty.buffer.ByteBufUtil;
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
import targets.shared.HttpEdge;
import targets.shared.Replies;
import targets.shared.Service;

/** What each request gets: a reply at once, or a chat. Thread-safe. */
final class Routes {
  /** The way that a request takes. */
  sealed interface Routed permits ChatRequest, Refusal, Page {}

  record Page(FullHttpResponse reply) implements Routed {}

  private static final String CHAT = "/v1/chat/completions";
  private static final String MODELS = "/v1/models";
  private static final String READ = "GET, HEAD";

  private final LlmSettings settings;
  private final LlmMetrics metrics;
  private final Service service;
  private final Map<String, Object> model;

  Routes(LlmSettings settings, LlmMetrics metrics, Service service, long startedS) {
    this.settings = settings;
    this.metrics = metrics;
    this.service = service;
    this.model =
        Map.of(
            "id",
            ChatRequest.DEFAULT_MODEL,
            "object",
            "model",
            "created",
            startedS,
            "owned_by",
            "gauntlet");
  }

  boolean isStopping() {
    return service.isStopping();
  }

  Routed route(FullHttpRequest request) {
    Optional<QueryStringDecoder> query = HttpEdge.query(request);
    if (query.isEmpty()) {
      return Refusal.BAD_HTTP;
    }
    String path = query.get().path();
    return path.equals(CHAT) ? chat(request, query.get()) : page(request, path);
  }

  /** Returns the reply to a request whose body is above the limit, wherever it is sent. */
  FullHttpResponse tooLarge(HttpRequest request) {
    if (HttpEdge.query(request).filter(query -> query.path().equals(CHAT)).isPresent()) {
      metrics.requests.increment();
      metrics.rejected.increment();
    }
    return Refusal.tooLarge(settings.maxBody()).reply();
  }

  FullHttpResponse noPlace() {
    metrics.rejected.increment();
    return service.isStopping()
        ? Refusal.STOPPING.reply()
        : Refusal.atCapacity(settings.maxStreams()).reply();
  }

  private Routed chat(FullHttpRequest request, QueryStringDecoder query) {
    metrics.requests.increment();
    Routed routed = accept(request, query);
    if (routed instanceof Refusal) {
      metrics.rejected.increment();
    }
    return routed;
  }

  private Routed accept(FullHttpRequest request, QueryStringDecoder query) {
    if (!request.method().equals(HttpMethod.POST)) {
      return Refusal.wrongMethod(request.method().name(), "POST");
    }
    if (service.isStopping()) {
      return Refusal.STOPPING;
    }
    return hasKey(request)
        ? ChatRequest.read(ByteBufUtil.getBytes(request.content()), query, settings)
        : Refusal.BAD_KEY;
  }

  private Routed page(FullHttpRequest request, String path) {
    boolean own = Service.PAGES.contains(path);
    String method = request.method().name();
    if (!own && !path.equals(MODELS) && !path.startsWith(MODELS + "/")) {
      return Refusal.unknownPath(method, path);
    }
    if (!method.equals("GET") && !method.equals("HEAD")) {
      return Refusal.wrongMethod(method, READ);
    }
    if (own) {
      return new Page(service.reply(request, path));
    }
    return hasKey(request) ? models(path) : Refusal.BAD_KEY;
  }

  private Routed models(String path) {
    if (path.equals(MODELS)) {
      return json(Map.of("object", "list", "data", List.of(model)));
    }
    String id = path.substring(MODELS.length() + 1);
    return id.equals(ChatRequest.DEFAULT_MODEL) ? json(model) : Refusal.unknownModel(id);
  }

  private static Routed json(Map<String, Object> page) {
    return new Page(Replies.json(HttpResponseStatus.OK, page));
  }

  private boolean hasKey(HttpRequest request) {
    if (settings.apiKey().isEmpty()) {
      return true;
    }
    String sent = request.headers().get(HttpHeaderNames.AUTHORIZATION, "");
    String wanted = "Bearer " + settings.apiKey().get();
    // In constant time, or the key could be guessed letter by letter.
    return MessageDigest.isEqual(
        sent.getBytes(StandardCharsets.UTF_8), wanted.getBytes(StandardCharsets.UTF_8));
  }
}
