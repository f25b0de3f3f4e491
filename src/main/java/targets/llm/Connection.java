package targets.llm;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import targets.shared.HttpEdge;
import targets.shared.Pacer;
import targets.shared.Replies;

/**
 * One connection: answers its requests in their order, one at a time. It reads on while it answers,
 * so that a client that leaves is noticed at once; requests sent ahead wait in a bounded queue.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A failed write closes the channel, which ends it.
final class Connection extends ChannelInboundHandlerAdapter {
  /** More requests than this sent ahead are refused, after those that wait are answered. */
  static final int AHEAD_MAX = 8;

  final LlmServer server;
  final Pacer pacer;
  private final Queue<Object> ahead = new ArrayDeque<>(2);
  ChannelHandlerContext ctx;
  private ChatAnswer answer;
  private boolean tooManyAhead;
  private boolean closing;

  Connection(LlmServer server, Pacer pacer) {
    this.server = server;
    this.pacer = pacer;
  }

  /** Returns the handler in front of this one. */
  BodyCollector collector(int maxBodyBytes) {
    return new BodyCollector(maxBodyBytes);
  }

  /** Ends the answer under way, if any, with an error; on the event loop. */
  void cutShort() {
    if (answer != null) {
      answer.cutShort();
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    ctx = context;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (closing || tooManyAhead) {
      ReferenceCountUtil.release(message);
    } else if (answer == null) {
      take(message);
    } else if (ahead.size() < AHEAD_MAX) {
      ahead.add(message);
    } else {
      tooManyAhead = true;
      ReferenceCountUtil.release(message);
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    Replies.readOn(context.channel());
    if (answer != null && context.channel().isWritable()) {
      answer.writable();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    closing = true;
    if (answer != null) {
      answer.disconnected();
    }
    ahead.forEach(ReferenceCountUtil::release);
    ahead.clear();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    HttpEdge.close(context, cause);
  }

  /** Takes the next request after an answer, or ends the connection. */
  void next(boolean keepAlive) {
    answer = null;
    if (!keepAlive || server.service.isStopping()) {
      closing = true;
      ctx.close();
      return;
    }
    while (answer == null && !closing && !ahead.isEmpty()) {
      take(ahead.poll());
    }
    if (tooManyAhead && answer == null && !closing) {
      reply(Refusal.tooManyAhead(AHEAD_MAX).reply(), false);
    }
  }

  private void take(Object message) {
    try {
      if (message instanceof TooLarge tooLarge) {
        reply(server.tooLarge(tooLarge.head()), keepsAlive(tooLarge.head()));
      } else if (message instanceof FullHttpRequest request) {
        take(request);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void take(FullHttpRequest request) {
    boolean keepAlive = keepsAlive(request);
    LlmServer.Routed routed = server.route(request);
    if (routed instanceof ChatRequest chat) {
      Optional<FullHttpResponse> refused = server.admit();
      if (refused.isPresent()) {
        reply(refused.get(), keepAlive);
      } else {
        answer(chat, request.protocolVersion(), keepAlive);
      }
    } else if (routed instanceof Refusal refusal) {
      reply(refusal.reply(), keepAlive);
    } else {
      reply(((LlmServer.Page) routed).reply(), keepAlive);
    }
  }

  private void answer(ChatRequest request, HttpVersion version, boolean keepAlive) {
    answer =
        request.delivery() == ChatRequest.Delivery.WHOLE
            ? new ChatAnswer.Whole(this, request, keepAlive)
            : new TokenStream(this, request, version.isKeepAliveDefault(), keepAlive);
    answer.begin();
  }

  private void reply(FullHttpResponse reply, boolean keepAlive) {
    closing = !keepAlive;
    Replies.send(ctx, reply, keepAlive);
  }

  private boolean keepsAlive(HttpRequest request) {
    return HttpUtil.isKeepAlive(request)
        && request.decoderResult().isSuccess()
        && !server.service.isStopping();
  }

  /** A request whose body is above the limit. */
  private record TooLarge(HttpRequest head) {}

  /**
   * Makes whole requests. A body above the limit becomes a {@link TooLarge} in the request's place,
   * so that its refusal keeps the order of the answers; the rest of the body is read and dropped,
   * so that the client is not reset before it has read why.
   */
  final class BodyCollector extends HttpObjectAggregator {
    BodyCollector(int maxBytes) {
      super(maxBytes);
    }

    @Override
    protected Object newContinueResponse(
        HttpMessage start, int maxContentLength, ChannelPipeline pipeline) {
      // While an answer is under way 100 Continue would stand in the middle of it.
      return answer != null || isContentLengthInvalid(start, maxContentLength)
          ? null
          : super.newContinueResponse(start, maxContentLength, pipeline);
    }

    @Override
    protected void handleOversizedMessage(ChannelHandlerContext context, HttpMessage oversized) {
      context.fireChannelRead(new TooLarge((HttpRequest) oversized));
    }
  }
}
