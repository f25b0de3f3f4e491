package targets.llm;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import targets.llm.EventWriter.Framing;
import targets.llm.Exchange.Persistence;
import targets.shared.HttpEdge;
import targets.shared.Replies;

/**
 * One connection: answers its requests in their order, one at a time. It reads on while it answers,
 * so that a client that leaves is noticed at once; requests sent ahead wait in a bounded queue.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A failed write closes the channel, which ends it.
final class Connection extends ChannelInboundHandlerAdapter {
  /** More requests than this sent ahead are refused, after those that wait are answered. */
  static final int AHEAD_MAX = 8;

  private final Routes routes;
  private final Answers answers;
  private final Pacer pacer;
  private final Queue<Object> ahead = new ArrayDeque<>(2);
  private ChannelHandlerContext ctx;
  private Answer answer;
  private boolean answering;
  private boolean tooManyAhead;
  private boolean closing;

  /**
   * @param routes decides about requests
   * @param answers gives accepted chats their places
   * @param pacer the event loop's
   */
  Connection(Routes routes, Answers answers, Pacer pacer) {
    this.routes = routes;
    this.answers = answers;
    this.pacer = pacer;
  }

  /** True while an answer is under way. */
  boolean isAnswering() {
    return answering;
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
    } else if (!answering) {
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

  private void take(Object message) {
    try {
      if (message instanceof BodyCollector.TooLarge tooLarge) {
        reply(routes.tooLarge(tooLarge.head()), persistence(tooLarge.head()));
      } else if (message instanceof FullHttpRequest request) {
        take(request);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void take(FullHttpRequest request) {
    Persistence persistence = persistence(request);
    Routes.Routed routed = routes.route(request);
    if (routed instanceof Routes.Routed.Reply whole) {
      reply(whole.reply(), persistence);
    } else if (routed instanceof Routes.Routed.Chat chat) {
      chat(chat.request(), request.protocolVersion(), persistence);
    }
  }

  private void chat(ChatRequest request, HttpVersion version, Persistence persistence) {
    Optional<Answers.Place> place = answers.enter();
    if (place.isEmpty()) {
      reply(routes.noPlace(), persistence);
    } else {
      answer(request, version, persistence, place.get());
    }
  }

  private void answer(
      ChatRequest request, HttpVersion version, Persistence persistence, Answers.Place place) {
    Completion completion = place.completion(request.model());
    boolean streams = request.delivery() != ChatRequest.Delivery.WHOLE;
    boolean chunks = version.isKeepAliveDefault();
    Exchange exchange =
        new Exchange(
            ctx,
            pacer,
            place,
            answers.metrics(),
            streams && !chunks ? Persistence.CLOSE : persistence,
            answers.stallNs(),
            this::next);
    answering = true;
    if (streams) {
      Framing framing = chunks ? Framing.CHUNKED : Framing.UNTIL_CLOSE;
      answer = new TokenStream(exchange, request, place.streamed(request), completion, framing);
    } else {
      answer = new WholeAnswer(exchange, request, place.whole(request), completion);
    }
    answer.begin();
  }

  private void next(Persistence persistence) {
    answering = false;
    answer = null;
    if (persistence == Persistence.CLOSE || routes.service().isStopping()) {
      closing = true;
      ctx.close();
      return;
    }
    while (!answering && !closing && !ahead.isEmpty()) {
      take(ahead.poll());
    }
    if (tooManyAhead && !answering && !closing) {
      reply(Refusal.tooManyAhead(AHEAD_MAX).reply(), Persistence.CLOSE);
    }
  }

  private void reply(FullHttpResponse reply, Persistence persistence) {
    closing = persistence == Persistence.CLOSE;
    Replies.send(ctx, reply, persistence == Persistence.KEEP);
  }

  private Persistence persistence(HttpRequest request) {
    boolean keep =
        HttpUtil.isKeepAlive(request)
            && request.decoderResult().isSuccess()
            && !routes.service().isStopping();
    return keep ? Persistence.KEEP : Persistence.CLOSE;
  }
}
