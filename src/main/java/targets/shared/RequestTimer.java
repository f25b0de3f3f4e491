package targets.shared;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import targets.shared.Service.Cut;

/**
 * Closes an HTTP connection, or a stream of HTTP/2, whose client takes too long for a request's
 * head or body, or is idle between requests; a response under way takes as long as it takes. Sits
 * behind the HTTP decoder and leaves the pipeline at an upgrade. Used by its event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A close cannot fail in a way that matters.
public final class RequestTimer extends ChannelDuplexHandler {
  private final Listener.Times times;
  private final Consumer<Cut> count;
  private ChannelHandlerContext ctx;
  private Future<?> timer;

  /** The limit that runs; null for none. */
  private Cut running;

  private int unanswered;
  private boolean inBody;

  /** Whether this read has brought a part of a request, and not only a piece of a head. */
  private boolean decoded;

  /** Whether the response to the last request has begun. */
  private boolean answering;

  RequestTimer(Listener.Times times, Consumer<Cut> count) {
    this.times = times;
    this.count = count;
  }

  /** Ends a request whose response did not pass this handler as HTTP messages. */
  public void answered() {
    unanswered--;
    if (unanswered == 0 && !inBody) {
      run(Cut.IDLE);
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    ctx = context;
    run(Cut.IDLE);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    stop();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    decoded = true;
    if (message instanceof HttpRequest) {
      unanswered++;
      inBody = true;
      answering = false;
      stop();
    }
    if (message instanceof LastHttpContent) {
      inBody = false;
      stop();
    }
    context.fireChannelRead(message);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    if (inBody) {
      run(Cut.SLOW_BODY);
    } else if (unanswered == 0 && running != Cut.SLOW_HEAD) {
      run(decoded ? Cut.IDLE : Cut.SLOW_HEAD);
    }
    decoded = false;
    context.fireChannelReadComplete();
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    context.write(message, promise);
    boolean interim =
        message instanceof HttpResponse head
            && head.status().codeClass() == HttpStatusClass.INFORMATIONAL;
    if (!interim) {
      answering = true;
      if (message instanceof LastHttpContent) {
        answered();
      }
    } else if (((HttpResponse) message).status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS)) {
      context.pipeline().remove(this);
    }
  }

  /** Starts the limit, unless it runs already. */
  private void run(Cut limit) {
    if (running != limit) {
      stop();
      running = limit;
      long ms = times.of(limit).toMillis();
      timer = ctx.executor().schedule(this::expire, ms, TimeUnit.MILLISECONDS);
    }
  }

  private void stop() {
    if (timer != null) {
      timer.cancel(false);
      timer = null;
    }
    running = null;
  }

  private void expire() {
    Cut limit = running;
    running = null;
    Channel channel = ctx.channel();
    if (limit == Cut.SLOW_BODY && !channel.config().isAutoRead() && channel.isWritable()) {
      run(limit); // The target does not read; that is no fault of the client.
      return;
    }
    count.accept(limit);
    if (limit == Cut.SLOW_BODY && unanswered == 1 && !answering) {
      run(limit); // The client may not read the refusal.
      Replies.send(
          ctx.pipeline().lastContext(),
          Replies.error(HttpResponseStatus.REQUEST_TIMEOUT, "the request's body took too long"),
          false);
    } else {
      ctx.close();
    }
  }
}
