package targets.llm;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import java.util.function.Consumer;

/**
 * What an answer needs of the world around it.
 *
 * @param ctx where the answer is written
 * @param pacer the event loop's
 * @param place the answer's place, given back when it ends
 * @param metrics takes what was written
 * @param persistence whether the connection outlives the answer, as the client asked
 * @param stallNs how long a client may make no room for further tokens
 * @param whenOver called once when the next request may be answered
 */
record Exchange(
    ChannelHandlerContext ctx,
    Pacer pacer,
    Answers.Place place,
    LlmMetrics metrics,
    Persistence persistence,
    long stallNs,
    Consumer<Persistence> whenOver) {
  /** Whether a connection outlives an answer. */
  enum Persistence {
    KEEP,
    CLOSE;

    /** As the reply's version and headers say. */
    void mark(HttpResponse reply) {
      HttpUtil.setKeepAlive(reply, this == KEEP);
      if (this == CLOSE) {
        reply.headers().set(HttpHeaderNames.CONNECTION, "close");
      }
    }
  }
}
