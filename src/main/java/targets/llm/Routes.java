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
import targets.shared.Metrics;
import targets.shared.Replies;
import targets.shared.Service;

/** What each request gets: a reply at once, or a chat. Thread-safe. */
final class Routes {
  private static final String CHAT = "/v1/chat/completions";
  private static final String MODELS = "/v1/models";
  private static final String READ = "GET, HEAD";

  private final LlmSettings settings;
  private final LlmMetrics metrics;
  private final Service service;
  private final Map<String, Object> model;

  /**
   * @param settings limits, key, defaults
   * @param metrics counts requests, and is a page itself
   * @param service no new work is taken while it stops
   * @param startedS when the server started, in seconds since 1970
   */
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

  /** What a request gets. */
  sealed interface Routed {
    /** A reply at once. */
    record Reply(FullHttpResponse reply) implements Routed {}

    /** An answer that takes time. */
    record Chat(ChatRequest request) implements Routed {}
  }

  /** Returns the service whose requests these are. */
  Service service() {
    return service;
  }

  /** Looks at a request; the request stays the caller's. */
  Routed route(FullHttpRequest request) {
    Optional<QueryStringDecoder> query = HttpEdge.query(request);
    if (query.isEmpty()) {
      return reply(Refusal.badHttp().reply());
    }
    String path = query.get().path();
    return path.equals(CHAT) ? chat(request, query.get()) : reply(page(request, path));
  }

  /** Returns the reply to a request whose body is above the limit, wherever it is sent. */
  FullHttpResponse tooLarge(HttpRequest request) {
    if (HttpEdge.query(request).filter(query -> query.path().equals(CHAT)).isPresent()) {
      metrics.requests.increment();
      metrics.rejected.increment();
    }
    return Refusal.tooLarge(settings.maxBodyBytes()).reply();
  }

  /** The reply to a chat for which there was no place. */
  FullHttpResponse noPlace() {
    metrics.rejected.increment();
    return service.isStopping()
        ? Refusal.stopping().reply()
        : Refusal.atCapacity(settings.maxStreams()).reply();
  }

  private Routed chat(FullHttpRequest request, QueryStringDecoder query) {
    metrics.requests.increment();
    ChatRequest.Outcome outcome = outcome(request, query);
    if (outcome instanceof ChatRequest.Outcome.Accepted accepted) {
      return new Routed.Chat(accepted.request());
    }
    metrics.rejected.increment();
    return reply(((ChatRequest.Outcome.Refused) outcome).refusal().reply());
  }

  private ChatRequest.Outcome outcome(FullHttpRequest request, QueryStringDecoder query) {
    if (!request.method().equals(HttpMethod.POST)) {
      return refused(Refusal.wrongMethod(request.method().name(), "POST"));
    }
    if (service.isStopping()) {
      return refused(Refusal.stopping());
    }
    if (!hasKey(request)) {
      return refused(Refusal.badKey());
    }
    return ChatRequest.read(ByteBufUtil.getBytes(request.content()), query, settings);
  }

  private static ChatRequest.Outcome refused(Refusal refusal) {
    return new ChatRequest.Outcome.Refused(refusal);
  }

  private FullHttpResponse page(FullHttpRequest request, String path) {
    boolean known =
        switch (path) {
          case "/health", Metrics.PATH, Metrics.PROMETHEUS_PATH, MODELS -> true;
          default -> path.startsWith(MODELS + "/");
        };
    String method = request.method().name();
    if (!known) {
      return Refusal.unknownPath(method, path).reply();
    }
    if (!method.equals("GET") && !method.equals("HEAD")) {
      return Refusal.wrongMethod(method, READ).reply();
    }
    return switch (path) {
      case "/health", Metrics.PATH, Metrics.PROMETHEUS_PATH -> service.pages().reply(request, path);
      default -> hasKey(request) ? models(path) : Refusal.badKey().reply();
    };
  }

  private FullHttpResponse models(String path) {
    if (path.equals(MODELS)) {
      return Replies.json(HttpResponseStatus.OK, Map.of("object", "list", "data", List.of(model)));
    }
    String id = path.substring(MODELS.length() + 1);
    return id.equals(ChatRequest.DEFAULT_MODEL)
        ? Replies.json(HttpResponseStatus.OK, model)
        : Refusal.unknownModel(id).reply();
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

  private static Routed reply(FullHttpResponse reply) {
    return new Routed.Reply(reply);
  }
}
