package targets.llm;

import static io.netty.handler.codec.http.HttpResponseStatus.BAD_REQUEST;
import static io.netty.handler.codec.http.HttpResponseStatus.METHOD_NOT_ALLOWED;
import static io.netty.handler.codec.http.HttpResponseStatus.NOT_FOUND;
import static io.netty.handler.codec.http.HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE;
import static io.netty.handler.codec.http.HttpResponseStatus.SERVICE_UNAVAILABLE;
import static io.netty.handler.codec.http.HttpResponseStatus.TOO_MANY_REQUESTS;
import static io.netty.handler.codec.http.HttpResponseStatus.UNAUTHORIZED;

import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.LinkedHashMap;
import java.util.Map;
import targets.shared.Replies;

/**
 * A request that is not served, in OpenAI's shape.
 *
 * @param param the field at fault; empty for none
 * @param code OpenAI's code; empty for none
 * @param headers further reply headers
 */
record Refusal(
    HttpResponseStatus status,
    String message,
    String param,
    String code,
    Map<String, String> headers)
    implements LlmServer.Routed {
  static final Refusal BAD_HTTP =
      new Refusal(BAD_REQUEST, "The request is not valid HTTP.", "", "");

  static final Refusal BAD_JSON =
      new Refusal(BAD_REQUEST, "The body of the request is not a JSON object.", "", "");

  static final Refusal BAD_KEY =
      new Refusal(
          UNAUTHORIZED,
          "Missing or incorrect API key: send it as 'Authorization: Bearer KEY'.",
          "",
          "invalid_api_key",
          Map.of("www-authenticate", "Bearer realm=\"llm\""));

  static final Refusal STOPPING =
      new Refusal(SERVICE_UNAVAILABLE, "The server is shutting down.", "", "shutting_down");

  private Refusal(HttpResponseStatus status, String message, String param, String code) {
    this(status, message, param, code, Map.of());
  }

  static Refusal wrongValue(String param, String message) {
    return new Refusal(BAD_REQUEST, message, param, "invalid_value");
  }

  static Refusal missing(String param) {
    String message = "Missing required parameter: '" + param + "'.";
    return new Refusal(BAD_REQUEST, message, param, "missing_required_parameter");
  }

  static Refusal tooManyAhead(int limit) {
    String message = "More than " + limit + " requests were pipelined on one connection.";
    return overload(message, "too_many_pipelined_requests");
  }

  static Refusal atCapacity(int streams) {
    String message = "All " + streams + " streams of this server are taken. Try again later.";
    return overload(message, "rate_limit_exceeded");
  }

  static Refusal tooLarge(int bytes) {
    String message = "The body of the request is larger than " + bytes + " bytes.";
    return new Refusal(REQUEST_ENTITY_TOO_LARGE, message, "", "request_too_large");
  }

  static Refusal unknownPath(String method, String path) {
    String message = "Unknown request URL: " + method + " " + path + ".";
    return new Refusal(NOT_FOUND, message, "", "unknown_url");
  }

  static Refusal unknownModel(String model) {
    String message = "The model '" + model + "' does not exist.";
    return new Refusal(NOT_FOUND, message, "model", "model_not_found");
  }

  static Refusal wrongMethod(String method, String allowed) {
    String message = "Not allowed to " + method + " here; allowed: " + allowed + ".";
    Map<String, String> headers = Map.of("allow", allowed);
    return new Refusal(METHOD_NOT_ALLOWED, message, "", "method_not_supported", headers);
  }

  private static Refusal overload(String message, String code) {
    return new Refusal(TOO_MANY_REQUESTS, message, "", code, Map.of("retry-after", "1"));
  }

  FullHttpResponse reply() {
    FullHttpResponse reply = Replies.json(status, asMap());
    headers.forEach((name, value) -> reply.headers().set(name, value));
    return reply;
  }

  /** The JSON: {@code {"error": {"message", "type", "param", "code"}}}. */
  Map<String, Object> asMap() {
    Map<String, Object> error = new LinkedHashMap<>();
    error.put("message", message);
    error.put("type", type());
    error.put("param", param.isEmpty() ? null : param);
    error.put("code", code.isEmpty() ? null : code);
    return Map.of("error", error);
  }

  private String type() {
    if (status.equals(TOO_MANY_REQUESTS)) {
      return "rate_limit_error";
    }
    return status.equals(SERVICE_UNAVAILABLE) ? "server_error" : "invalid_request_error";
  }
}
