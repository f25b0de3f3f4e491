package targets.llm;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpRequest;
import java.util.function.BooleanSupplier;

/**
 * Makes whole requests. A body above the limit becomes a {@link TooLarge} in the request's place,
 * so that its refusal keeps the order of the answers; the rest of the body is read and dropped, so
 * that the client is not reset before it has read why.
 */
final class BodyCollector extends HttpObjectAggregator {
  private final BooleanSupplier answering;

  /**
   * @param maxBytes the largest body
   * @param answering true while an answer is under way: no 100 Continue may then be written, it
   *     would stand in the middle of that answer
   */
  BodyCollector(int maxBytes, BooleanSupplier answering) {
    super(maxBytes);
    this.answering = answering;
  }

  /**
   * A request whose body is above the limit.
   *
   * @param head its head
   */
  record TooLarge(HttpRequest head) {}

  @Override
  protected Object newContinueResponse(
      HttpMessage start, int maxContentLength, ChannelPipeline pipeline) {
    if (answering.getAsBoolean() || isContentLengthInvalid(start, maxContentLength)) {
      return null;
    }
    return super.newContinueResponse(start, maxContentLength, pipeline);
  }

  @Override
  protected void handleOversizedMessage(ChannelHandlerContext ctx, HttpMessage oversized) {
    ctx.fireChannelRead(new TooLarge((HttpRequest) oversized));
  }
}
