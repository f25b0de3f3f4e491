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
import simulations.run.SseReading;
import simulations.sse.SseBattleSettings.Api;
import simulations.sse.SseBattleSettings.StreamPlan;

/** The single actions of the SSE battle. Request names are an API: no values in them. */
final class SseRequests {
  /** The name of the stream in a user's session. */
  static final String STREAM = "stream";

  /** Session key: the recorder of the stream under way. */
  static final String RECORDER = "recorder";

  /** Session key: who is asking, as text. */
  static final String CLIENT = "client";

  /** Session key: the seed of the text asked for. */
  static final String SEED = "streamSeed";

  /** Session key: the body of a stream that ended as if it were whole. */
  static final String WHOLE = "whole";

  private final SseBattleSettings settings;
  private final StreamPlan plan;

  /**
   * @param settings of the battle
   * @param plan what each stream asks for
   */
  SseRequests(SseBattleSettings settings, StreamPlan plan) {
    this.settings = settings;
    this.plan = plan;
  }

  /** Asks for a stream; done when the response headers are there. */
  ActionBuilder open(String name) {
    Sse sse = sse(name).sseName(STREAM);
    return settings.api() == Api.CHAT
        ? sse.post("/v1/chat/completions").body(StringBody(this::chatBody)).asJson()
        : sse.get(this::sseUrl);
  }

  /**
   * Hands every event to the recorder until it has seen the last one.
   *
   * @param name in the report
   * @param enough true if nothing more is expected after this event
   */
  ActionBuilder read(String name, SseReading.Enough enough) {
    return SseReading.until(name, STREAM, bound(), enough);
  }

  /** Leaves the stream. */
  ActionBuilder close(String name) {
    return sse(name).sseName(STREAM).close();
  }

  /**
   * A plain request for a stream that its upstream breaks in the middle. Silent, for a break is
   * what is expected; {@link #WHOLE} is set if it came to a clean end instead.
   */
  HttpRequestActionBuilder brokenStream(String name) {
    int half = Math.max(1, plan.tokens() / 2);
    return http(name)
        .get(session -> sseUrl(session) + "&break_after=" + half)
        .requestTimeout(bound())
        .check(bodyString().saveAs(WHOLE))
        .silent();
  }

  private Duration bound() {
    return plan.firstToken().plus(plan.duration()).plus(settings.timeout());
  }

  private String sseUrl(Session session) {
    String client = URLEncoder.encode(session.getString(CLIENT), StandardCharsets.UTF_8);
    return "/sse?client_id=" + client + "&" + query(session);
  }

  private String query(Session session) {
    return String.format(
        "tokens=%d&duration_ms=%d&first_token_ms=%d&jitter_ms=%d&seed=%d",
        plan.tokens(),
        plan.duration().toMillis(),
        plan.firstToken().toMillis(),
        plan.jitter().toMillis(),
        session.getLong(SEED));
  }

  /**
   * The extension {@code pace} is only for the bundled server: others may refuse what they don't
   * know.
   */
  private String chatBody(Session session) {
    String pace =
        settings.service().isExternal()
            ? ""
            : String.format(
                ",\"pace\":{\"tokens\":%d,\"duration_ms\":%d,\"first_token_ms\":%d,"
                    + "\"jitter_ms\":%d}",
                plan.tokens(),
                plan.duration().toMillis(),
                plan.firstToken().toMillis(),
                plan.jitter().toMillis());
    return String.format(
        "{\"model\":\"%s\",\"stream\":true,\"seed\":%d,\"messages\":[{\"role\":\"user\","
            + "\"content\":\"Tell a long story.\"}]%s}",
        settings.service().model(), session.getLong(SEED), pace);
  }
}
