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
 * @param isChunked whether each write is a chunk; otherwise the body ends with the connection
 */
@SuppressWarnings("FutureReturnValueIgnored") // A failed write closes the channel, which ends it.
public record SseBody(ChannelHandlerContext ctx, ChannelHandlerContext codec, boolean isChunked) {
  /** Room in front of events for the size of their chunk (RFC 9112, section 7.1). */
  private static final int HEAD_BYTES = 10;

  private static final int CRLF = 0x0d0a;
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

  /** Returns a buffer for events, of about so many bytes, with room for their framing. */
  public ByteBuf batch(int bytes) {
    ByteBuf batch = ctx.alloc().ioBuffer(HEAD_BYTES + bytes + Short.BYTES);
    return batch.setIndex(HEAD_BYTES, HEAD_BYTES);
  }

  /** Writes a batch, past the codec where there is one; the caller flushes. */
  public void write(ByteBuf batch) {
    if (codec == null) {
      ctx.write(new DefaultHttpContent(batch));
    } else {
      codec.write(framed(batch), codec.voidPromise());
    }
  }

  /** Makes a chunk of a batch, in its place; an empty one would be the end of the body. */
  private ByteBuf framed(ByteBuf batch) {
    if (isChunked && batch.isReadable()) {
      int bytes = batch.readableBytes();
      int at = batch.writeShort(CRLF).readerIndex() - Short.BYTES;
      batch.setShort(at, CRLF);
      for (; bytes > 0; bytes >>>= 4) {
        batch.setByte(--at, HEX[bytes & 15]);
      }
      batch.readerIndex(at);
    }
    return batch;
  }

  /** Flushes what was written, past the handlers in front of the codec. */
  public void flush() {
    (codec == null ? ctx : codec).flush();
  }

  /** Sends one event, and flushes it. */
  public ChannelFuture send(byte[] event) {
    ByteBuf batch = batch(event.length).writeBytes(event);
    return codec == null
        ? ctx.writeAndFlush(new DefaultHttpContent(batch))
        : codec.writeAndFlush(framed(batch));
  }

  /** Ends the response, and flushes it. */
  public ChannelFuture end() {
    return ctx.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT);
  }
}
