package targets.llm;

import io.netty.handler.codec.http.FullHttpResponse;

/** The way that a request takes: an accepted chat, a refusal, or a page. */
sealed interface Routed permits ChatRequest, Refusal, Routed.Page {
  /** A reply at once. */
  record Page(FullHttpResponse reply) implements Routed {}
}
