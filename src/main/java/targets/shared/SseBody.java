package targets.shared;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.nio.charset.StandardCharsets;

/**
 * The response of one stream of server-sent events. Head and end go through the HTTP codec; events
 * bypass it, because the codec makes three buffers of each and a promise that joins them. Used by
 * its event loop.
 *
 * @param ctx of a handler behind the codec
 * @param codec of HTTP/1; null on a stream of HTTP/2, whose events are data frames
 * @param isChunked whether each event is a chunk; otherwise the body ends with the connection
 */
@SuppressWarnings("FutureReturnValueIgnored") // A failed write closes the channel, which ends it.
public record SseBody(ChannelHandlerContext ctx, ChannelHandlerContext codec, boolean isChunked) {
  /** The most bytes that the framing of a chunk takes. */
  private static final int FRAMING_MAX = 12;

  private static final byte[] CRLF = {'\r', '\n'};
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  /** The body of a response to a request that this handler got. */
  public SseBody(ChannelHandlerContext ctx, boolean isChunked) {
    this(ctx, ctx.pipeline().context(HttpServerCodec.class), isChunked);
  }

  /** Returns the head of the response, not yet written. */
  public HttpResponse head(boolean keepAlive) {
    HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
    head.headers().set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.TEXT_EVENT_STREAM);
    head.headers().set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_CACHE);
    HttpUtil.setTransferEncodingChunked(head, isChunked);
    Replies.markKeepAlive(head, keepAlive);
    return head;
  }

  /** Writes what stands before an event's bytes (RFC 9112, section 7.1); they are at least 1. */
  public void open(ByteBuf out, int bytes) {
    if (isChunked) {
      int digits = Math.max(1, (35 - Integer.numberOfLeadingZeros(bytes)) / 4);
      for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) {
        out.writeByte(HEX[(bytes >>> shift) & 15]);
      }
      out.writeBytes(CRLF);
    }
  }

  /** Writes what stands behind an event's bytes. */
  public void close(ByteBuf out) {
    if (isChunked) {
      out.writeBytes(CRLF);
    }
  }

  /** Writes encoded events, past the codec where there is one; the caller flushes. */
  public void write(ByteBuf encoded) {
    if (codec == null) {
      ctx.write(new DefaultHttpContent(encoded));
    } else {
      codec.write(encoded, codec.voidPromise());
    }
  }

  /** Flushes what was written, past the handlers in front of the codec. */
  public void flush() {
    (codec == null ? ctx : codec).flush();
  }

  /** Sends one event, and flushes it. */
  public ChannelFuture send(byte[] event) {
    ByteBuf out = ctx.alloc().ioBuffer(event.length + FRAMING_MAX);
    open(out, event.length);
    close(out.writeBytes(event));
    return codec == null
        ? ctx.writeAndFlush(new DefaultHttpContent(out))
        : codec.writeAndFlush(out);
  }

  /** Ends the response, and flushes it. */
  public ChannelFuture end() {
    return ctx.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT);
  }
}
