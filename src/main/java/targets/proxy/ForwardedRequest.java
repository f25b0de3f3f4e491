package targets.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;

/**
 * One request as the upstream will see it.
 *
 * @param head with this hop's headers
 * @param body where the body comes from
 * @param clientVersion what the client speaks
 */
record ForwardedRequest(HttpRequest head, Body body, HttpVersion clientVersion) {
  /** Where a request's body comes from. */
  sealed interface Body {
    /** Passed on as the client sends it: it can be sent once. */
    enum Streamed implements Body {
      ONCE
    }

    /**
     * Known beforehand, possibly empty: it can be sent again.
     *
     * @param bytes never released
     */
    record Fixed(ByteBuf bytes) implements Body {}
  }

  boolean isHead() {
    return HttpMethod.HEAD.equals(head.method());
  }

  boolean isHttp11() {
    return HttpVersion.HTTP_1_1.equals(clientVersion);
  }

  boolean canBeSentAgain() {
    return body instanceof Body.Fixed;
  }
}
