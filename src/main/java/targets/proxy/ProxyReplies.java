package targets.proxy;

import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Map;
import targets.shared.Replies;

/** The proxy's own errors, in the error shape of the API behind it. */
final class ProxyReplies {
  private static final String RETRY_AFTER_S = "1";

  private ProxyReplies() {}

  static FullHttpResponse unavailable(String message, String code) {
    FullHttpResponse reply = error(503, message, code);
    reply.headers().set(HttpHeaderNames.RETRY_AFTER, RETRY_AFTER_S);
    return reply;
  }

  static FullHttpResponse stopping() {
    return unavailable("the proxy is stopping", "draining");
  }

  static FullHttpResponse error(int status, String message, String code) {
    String type =
        switch (status) {
          case 502, 504 -> "upstream_error";
          case 503 -> "overloaded_error";
          default -> "invalid_request_error";
        };
    return Replies.json(
        HttpResponseStatus.valueOf(status),
        Map.of("error", Map.of("message", message, "type", type, "code", code)));
  }
}
