package targets.proxy;

import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Map;
import targets.shared.Replies;

/** The proxy's own replies: what went wrong, in the error shape of the API behind it. */
final class ProxyReplies {
  private static final String CLIENT_FAULT = "invalid_request_error";
  private static final String UPSTREAM_FAULT = "upstream_error";
  private static final String RETRY_AFTER_S = "1";

  private ProxyReplies() {}

  static FullHttpResponse badRequest(String message, String code) {
    return error(HttpResponseStatus.BAD_REQUEST, message, CLIENT_FAULT, code);
  }

  static FullHttpResponse notFound() {
    return error(
        HttpResponseStatus.NOT_FOUND,
        "no such path; there are /sse, /v1/…, /health, /metrics and /metrics/prometheus",
        CLIENT_FAULT,
        "not_found");
  }

  static FullHttpResponse methodNotAllowed(String allowed) {
    FullHttpResponse reply =
        error(
            HttpResponseStatus.METHOD_NOT_ALLOWED,
            "only " + allowed + " is answered here",
            CLIENT_FAULT,
            "method_not_allowed");
    reply.headers().set(HttpHeaderNames.ALLOW, allowed);
    return reply;
  }

  static FullHttpResponse tooLong(HttpResponseStatus status) {
    return error(status, "the request's head is too large", CLIENT_FAULT, "head_too_large");
  }

  static FullHttpResponse unknownCoding() {
    return error(
        HttpResponseStatus.NOT_IMPLEMENTED,
        "the only transfer coding taken is chunked",
        CLIENT_FAULT,
        "unknown_transfer_coding");
  }

  static FullHttpResponse requestTimeout() {
    return error(
        HttpResponseStatus.REQUEST_TIMEOUT,
        "the request's body stopped arriving",
        CLIENT_FAULT,
        "request_timeout");
  }

  static FullHttpResponse badGateway(String message, String code) {
    return error(HttpResponseStatus.BAD_GATEWAY, message, UPSTREAM_FAULT, code);
  }

  static FullHttpResponse gatewayTimeout(String message, String code) {
    return error(HttpResponseStatus.GATEWAY_TIMEOUT, message, UPSTREAM_FAULT, code);
  }

  static FullHttpResponse unavailable(String message, String code) {
    FullHttpResponse reply =
        error(HttpResponseStatus.SERVICE_UNAVAILABLE, message, "overloaded_error", code);
    reply.headers().set(HttpHeaderNames.RETRY_AFTER, RETRY_AFTER_S);
    return reply;
  }

  static FullHttpResponse full() {
    return unavailable("as many streams as allowed are running", "too_many_streams");
  }

  static FullHttpResponse stopping() {
    return unavailable("the proxy is stopping", "draining");
  }

  private static FullHttpResponse error(
      HttpResponseStatus status, String message, String type, String code) {
    return Replies.json(
        status, Map.of("error", Map.of("message", message, "type", type, "code", code)));
  }
}
