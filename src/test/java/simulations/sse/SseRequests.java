package simulations.sse;

import static io.gatling.javaapi.core.CoreDsl.*;
import static io.gatling.javaapi.http.HttpDsl.*;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gatling.javaapi.core.ActionBuilder;
import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.Session;
import io.gatling.javaapi.http.HttpRequestActionBuilder;
import io.gatling.javaapi.http.Sse;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import simulations.run.Access;
import simulations.run.SseStream;
import simulations.sse.SseSettings.Api;
import simulations.sse.SseSettings.StreamPlan;

/** The single actions of the streams of one phase. Request names are an API: no values in them. */
record SseRequests(SseSettings settings, StreamPlan plan) {
  /** Session key: the client identifier. */
  static final String CLIENT = "client";

  /** Session key: the {@link Ask}. */
  static final String ASK = "ask";

  /** Session key: the body of a stream that ended as if it were whole. */
  static final String WHOLE = "whole";

  private static final int NO_BREAK = 0;

  /** Requests a stream and reads it, if it is opened, as {@link SseStream#stream} does. */
  ChainBuilder stream(String name, UnaryOperator<Session> opened) {
    Sse sse = SseStream.of(name + " connect");
    ActionBuilder request =
        isPost()
            ? sse.post(target())
                .body(StringBody(session -> body(session.get(ASK), NO_BREAK)))
                .asJson()
            : sse.get(session -> sseUrl(session, NO_BREAK));
    return SseStream.stream(request, name, bound(), opened);
  }

  /**
   * Requests one more stream, outside of the load.
   *
   * @return the status and the first line of the answer, or why there was none
   */
  String answer(String base) {
    Access access = settings.common().access();
    Ask again = ask("again", 0);
    String url = base + (isPost() ? target() : sseUrl(again, again.stream(), NO_BREAK));
    HttpRequest.Builder request = HttpRequest.newBuilder();
    settings.service().headers(access).forEach(request::setHeader);
    if (isPost()) {
      request.setHeader("content-type", "application/json");
      request.POST(HttpRequest.BodyPublishers.ofString(body(again, NO_BREAK)));
    }
    return access.answer(url, request, settings.users().timeout());
  }

  /** Returns the request of a stream outside of any conversation, with the first prompt. */
  Ask ask(String stream, long seed) {
    ArrayNode messages = new Conversation(settings.dialogue(), 0).next(seed);
    boolean verified = settings.verifyText();
    return new Ask(stream, 1, seed, verified, plan.tokens(), messages, Ask.Leaving.NEVER);
  }

  /** Returns the request of the next turn of a conversation. */
  Ask ask(String stream, Conversation conversation, long seed, Ask.Leaving leaving) {
    ArrayNode messages = conversation.next(seed);
    int own = isPost() ? conversation.maxTokens().orElse(plan.tokens()) : plan.tokens();
    // No longer than planned, or limits of its length would not hold; elsewhere as the file says.
    int tokens = settings.isPlanned() ? Math.min(own, plan.tokens()) : own;
    Ask.Leaving left = settings.isLeft(leaving, tokens) ? leaving : Ask.Leaving.NEVER;
    return new Ask(stream, conversation.turn, seed, settings.verifyText(), tokens, messages, left);
  }

  /**
   * Requests a stream that its upstream breaks in the middle. Silent, for the break is expected;
   * {@link #WHOLE} is set if it came to a clean end instead.
   */
  HttpRequestActionBuilder brokenStream(String name) {
    int half = Math.max(1, plan.tokens() / 2);
    HttpRequestActionBuilder request =
        isPost()
            ? http(name)
                .post(target())
                .body(StringBody(session -> body(session.get(ASK), half)))
                .asJson()
            : http(name).get(session -> sseUrl(session, half));
    return request.requestTimeout(bound()).check(bodyString().saveAs(WHOLE)).silent();
  }

  private Duration bound() {
    return plan.whole().plus(settings.users().timeout());
  }

  private boolean isPost() {
    return settings.api() != Api.SSE;
  }

  /** Returns the path and query of each request. */
  String target() {
    return settings
        .service()
        .url()
        .map(url -> url.target(settings.api()))
        .orElse(settings.api().path);
  }

  private String sseUrl(Session session, int breakAfter) {
    return sseUrl(session.get(ASK), session.getString(CLIENT), breakAfter);
  }

  private String sseUrl(Ask ask, String name, int breakAfter) {
    String target = target();
    String client = URLEncoder.encode(name, StandardCharsets.UTF_8);
    String plan =
        planned(ask.tokens(), breakAfter).entrySet().stream()
            .map(each -> "&" + each.getKey() + "=" + each.getValue())
            .collect(Collectors.joining());
    String first = target.indexOf('?') < 0 ? "?" : "&";
    return target + first + "client_id=" + client + plan + "&seed=" + ask.seed();
  }

  /**
   * Returns the body of a request. The extensions {@code pace} and {@code seed} are for the bundled
   * server: others may refuse them.
   */
  String body(Ask ask, int breakAfter) {
    Api api = settings.api();
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("model", settings.service().model()).put("stream", true);
    body.set(api.prompt, ask.messages());
    body.put(api.tokenBound, ask.tokens());
    if (settings.isPlanned()) {
      ObjectNode pace = body.put("seed", ask.seed()).putObject("pace");
      planned(ask.tokens(), breakAfter).forEach(pace::put);
    }
    settings.service().body().ifPresent(fields -> body.setAll(fields.all()));
    body.properties().removeIf(field -> field.getValue().isNull());
    return body.toString();
  }

  private Map<String, Long> planned(int tokens, int breakAfter) {
    Map<String, Long> all = new LinkedHashMap<>();
    all.put("tokens", (long) tokens);
    all.put("duration_ms", plan.of(tokens).duration().toMillis());
    all.put("first_token_ms", plan.firstToken().toMillis());
    all.put("jitter_ms", plan.jitter().toMillis());
    if (breakAfter > NO_BREAK) {
      all.put("break_after", (long) breakAfter);
    }
    return all;
  }
}
