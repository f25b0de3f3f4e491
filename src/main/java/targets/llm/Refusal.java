package targets.llm;

import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.LinkedHashMap;
import java.util.Map;
import targets.shared.Replies;

/**
 * A request that is not served, in OpenAI's shape.
 *
 * @param status HTTP status
 * @param message one sentence for a person
 * @param type OpenAI's kind of error
 * @param param the field at fault; empty for none
 * @param code OpenAI's code; empty for none
 * @param headers further reply headers
 */
record Refusal(
    HttpResponseStatus status,
    String message,
    String type,
    String param,
    String code,
    Map<String, String> headers)
    implements Routed {
  private static final String INVALID = "invalid_request_error";
  private static final String SERVER = "server_error";

  /** A field with a wrong value. */
  static Refusal wrongValue(String param, String message) {
    return invalid(HttpResponseStatus.BAD_REQUEST, message, param, "invalid_value");
  }

  /** A field that must be there. */
  static Refusal missing(String param) {
    String message = "Missing required parameter: '" + param + "'.";
    return invalid(HttpResponseStatus.BAD_REQUEST, message, param, "missing_required_parameter");
  }

  /** A body that is not a JSON object. */
  static Refusal badJson() {
    String message = "The body of the request is not a JSON object.";
    return invalid(HttpResponseStatus.BAD_REQUEST, message, "", "");
  }

  /** Bytes that are not HTTP. */
  static Refusal badHttp() {
    return invalid(HttpResponseStatus.BAD_REQUEST, "The request is not valid HTTP.", "", "");
  }

  /** More requests sent ahead on one connection than are held. */
  static Refusal tooManyAhead(int limit) {
    String message = "More than " + limit + " requests were pipelined on one connection.";
    return overload(message, "too_many_pipelined_requests");
  }

  /** All streams are taken. */
  static Refusal atCapacity(int streams) {
    String message = "All " + streams + " streams of this server are taken. Try again later.";
    return overload(message, "rate_limit_exceeded");
  }

  /** A body above the limit. */
  static Refusal tooLarge(int bytes) {
    String message = "The body of the request is larger than " + bytes + " bytes.";
    return invalid(HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE, message, "", "request_too_large");
  }

  /** No key, or a wrong one. */
  static Refusal badKey() {
    return invalid(
            HttpResponseStatus.UNAUTHORIZED,
            "Missing or incorrect API key: send it as 'Authorization: Bearer KEY'.",
            "",
            "invalid_api_key")
        .with("www-authenticate", "Bearer realm=\"llm\"");
  }

  /** A path without an endpoint. */
  static Refusal unknownPath(String method, String path) {
    String message = "Unknown request URL: " + method + " " + path + ".";
    return invalid(HttpResponseStatus.NOT_FOUND, message, "", "unknown_url");
  }

  /** A model that {@code /v1/models} does not list. */
  static Refusal unknownModel(String model) {
    String message = "The model '" + model + "' does not exist.";
    return invalid(HttpResponseStatus.NOT_FOUND, message, "model", "model_not_found");
  }

  /** A method that the path does not have. */
  static Refusal wrongMethod(String method, String allowed) {
    String message = "Not allowed to " + method + " here; allowed: " + allowed + ".";
    return invalid(HttpResponseStatus.METHOD_NOT_ALLOWED, message, "", "method_not_supported")
        .with("allow", allowed);
  }

  /** The server is about to stop. */
  static Refusal stopping() {
    return new Refusal(
        HttpResponseStatus.SERVICE_UNAVAILABLE,
        "The server is shutting down.",
        SERVER,
        "",
        "shutting_down",
        Map.of());
  }

  /** The reply. */
  FullHttpResponse reply() {
    FullHttpResponse reply = Replies.json(status, asMap());
    headers.forEach((name, value) -> reply.headers().set(name, value));
    return reply;
  }

  /** The JSON: {@code {"error": {"message", "type", "param", "code"}}}. */
  Map<String, Object> asMap() {
    Map<String, Object> error = new LinkedHashMap<>();
    error.put("message", message);
    error.put("type", type);
    error.put("param", param.isEmpty() ? null : param);
    error.put("code", code.isEmpty() ? null : code);
    return Map.of("error", error);
  }

  private static Refusal invalid(
      HttpResponseStatus status, String message, String param, String code) {
    return new Refusal(status, message, INVALID, param, code, Map.of());
  }

  private static Refusal overload(String message, String code) {
    return new Refusal(
        HttpResponseStatus.TOO_MANY_REQUESTS,
        message,
        "rate_limit_error",
        "",
        code,
        Map.of("retry-after", "1"));
  }

  private Refusal with(String name, String value) {
    return new Refusal(status, message, type, param, code, Map.of(name, value));
  }
}
