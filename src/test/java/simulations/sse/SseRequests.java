package simulations.sse;

import static io.gatling.javaapi.core.CoreDsl.*;
import static io.gatling.javaapi.http.HttpDsl.*;

import io.gatling.javaapi.core.ActionBuilder;
import io.gatling.javaapi.core.Session;
import io.gatling.javaapi.http.HttpRequestActionBuilder;
import io.gatling.javaapi.http.Sse;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import simulations.run.Enough;
import simulations.run.SseStream;
import simulations.sse.SseSettings.StreamPlan;

/** The single actions of the streams of one phase. Request names are an API: no values in them. */
record SseRequests(SseSettings settings, StreamPlan plan) {
  /** Session key: the client identifier. */
  static final String CLIENT = "client";

  /** Session key: the seed of the requested text. */
  static final String SEED = "streamSeed";

  /** Session key: the body of a stream that ended as if it were whole. */
  static final String WHOLE = "whole";

  /** Requests a stream; done when the response headers are there. */
  ActionBuilder open(String name) {
    Sse sse = SseStream.of(name);
    return settings.isChat()
        ? sse.post("/v1/chat/completions")
            .body(StringBody(session -> chatBody(session, "")))
            .asJson()
        : sse.get(this::sseUrl);
  }

  ActionBuilder read(String name, Enough enough) {
    return SseStream.read(name, bound(), enough);
  }

  /**
   * Requests a stream that its upstream breaks in the middle. Silent, for the break is expected;
   * {@link #WHOLE} is set if it came to a clean end instead.
   */
  HttpRequestActionBuilder brokenStream(String name) {
    int half = Math.max(1, plan.tokens() / 2);
    HttpRequestActionBuilder request =
        settings.isChat()
            ? http(name)
                .post("/v1/chat/completions")
                .body(StringBody(session -> chatBody(session, ",\"break_after\":" + half)))
                .asJson()
            : http(name).get(session -> sseUrl(session) + "&break_after=" + half);
    return request.requestTimeout(bound()).check(bodyString().saveAs(WHOLE)).silent();
  }

  private Duration bound() {
    return plan.whole().plus(settings.users().timeout());
  }

  private String sseUrl(Session session) {
    String client = URLEncoder.encode(session.getString(CLIENT), StandardCharsets.UTF_8);
    String form = "tokens=%d&duration_ms=%d&first_token_ms=%d&jitter_ms=%d";
    return "/sse?client_id=" + client + "&" + planned(form) + "&seed=" + session.getLong(SEED);
  }

  /**
   * Returns the body of a chat request. The extension {@code pace} is for the bundled server only:
   * others may refuse it.
   *
   * @param more fields of the pace
   */
  private String chatBody(Session session, String more) {
    String form = "\"tokens\":%d,\"duration_ms\":%d,\"first_token_ms\":%d,\"jitter_ms\":%d";
    String pace = settings.service().isExternal() ? "" : ",\"pace\":{" + planned(form) + more + "}";
    return String.format(
        "{\"model\":\"%s\",\"stream\":true,\"seed\":%d,\"messages\":[{\"role\":\"user\","
            + "\"content\":\"Tell a long story.\"}]%s}",
        settings.service().model(), session.getLong(SEED), pace);
  }

  private String planned(String form) {
    return String.format(
        form,
        plan.tokens(),
        plan.duration().toMillis(),
        plan.firstToken().toMillis(),
        plan.jitter().toMillis());
  }
}
