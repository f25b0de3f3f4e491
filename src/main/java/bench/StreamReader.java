package bench;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.net.URI;
import java.util.function.LongSupplier;

/**
 * One stream: asks for it, counts and stamps its events, ends. Events of one read share a stamp.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A failed write or close ends the channel: seen.
final class StreamReader extends ChannelInboundHandlerAdapter {
  private final Reception reception;
  private final URI url;
  private final LongSupplier nanoClock;
  private final BlankLines ends = new BlankLines();
  private long sentNs;
  private int received;
  private boolean accepted;
  private boolean over;

  StreamReader(Reception reception, URI url, LongSupplier nanoClock) {
    this.reception = reception;
    this.url = url;
    this.nanoClock = nanoClock;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    byte[] body = StreamLoad.body();
    FullHttpRequest request =
        new DefaultFullHttpRequest(
            HttpVersion.HTTP_1_1,
            HttpMethod.POST,
            reception.load().path(),
            Unpooled.wrappedBuffer(body));
    request
        .headers()
        .set(HttpHeaderNames.HOST, StreamLoad.host(url))
        .set(HttpHeaderNames.ACCEPT, HttpHeaderValues.TEXT_EVENT_STREAM)
        .set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON)
        .setInt(HttpHeaderNames.CONTENT_LENGTH, body.length);
    sentNs = nanoClock.getAsLong();
    ctx.writeAndFlush(request);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    try {
      if (message instanceof HttpResponse head) {
        accepted = head.decoderResult().isSuccess() && head.status().code() == 200;
      }
      if (message instanceof HttpContent content && accepted) {
        count(content);
      }
      if (message instanceof LastHttpContent last) {
        finish(accepted && last.decoderResult().isSuccess());
        ctx.close();
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    finish(false);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ctx.close(); // The connection broke; the stream is then counted as not whole.
  }

  /** The stream will bring no more; only the first call counts. */
  void finish(boolean properly) {
    if (!over) {
      over = true;
      reception.over(received, properly);
    }
  }

  private void count(HttpContent content) {
    int found = ends.in(content.content());
    if (found == 0) {
      return;
    }
    long sinceSentNs = nanoClock.getAsLong() - sentNs;
    if (received == 0) {
      reception.first(sinceSentNs);
    }
    reception.events(received, found, sinceSentNs);
    received += found;
  }
}
