package targets.relay.adapter;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import targets.shared.Chunks;
import targets.shared.Json;
import targets.shared.Replies;

/**
 * Writes one stream. Head and end go through the HTTP codec; events bypass it, one buffer each,
 * because the codec makes three of it and a promise that joins them, which took most of the
 * adapter's time. Used by its event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A failed write closes the channel.
final class SseWriter {
  final boolean keepAlive;
  final Channel channel;
  private final ChannelHandlerContext ctx;
  private final ChannelHandlerContext wire;
  private final LongAdder bytes;

  /**
   * @param ctx of a handler behind the codec
   * @param keepAlive whether the connection may be used again; then each event is a chunk
   * @param bytes counts what is written
   */
  SseWriter(ChannelHandlerContext ctx, boolean keepAlive, LongAdder bytes) {
    this.ctx = ctx;
    this.channel = ctx.channel();
    this.wire = ctx.pipeline().context(HttpServerCodec.class);
    this.keepAlive = keepAlive;
    this.bytes = bytes;
  }

  /** Returns an event with an id; the JSON must be without line ends. */
  static byte[] event(String name, long id, byte[] json) {
    return event("event: " + name + "\nid: " + id + "\ndata: ", json);
  }

  void reply(FullHttpResponse reply) {
    Replies.send(ctx, reply, keepAlive);
  }

  /** Writes the head, without flushing it. */
  void head() {
    HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
    head.headers().set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.TEXT_EVENT_STREAM);
    head.headers().set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_CACHE);
    head.headers().set("x-accel-buffering", "no");
    if (keepAlive) {
      HttpUtil.setTransferEncodingChunked(head, true);
    } else {
      head.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    }
    ctx.write(head);
  }

  /** Writes an event without an id, which leaves the client's last event id as it is. */
  void event(String name, Map<String, Object> data) {
    write(event("event: " + name + "\ndata: ", Json.bytes(data)));
  }

  /** Writes a comment, which clients do not show. */
  void comment(String text) {
    write((": " + text + "\n\n").getBytes(StandardCharsets.UTF_8));
  }

  /** Writes an event, and flushes it. */
  ChannelFuture write(byte[] event) {
    bytes.add(event.length);
    ByteBuf out = wire.alloc().ioBuffer(event.length + Chunks.FRAMING_MAX);
    if (keepAlive) {
      Chunks.open(out, event.length);
    }
    out.writeBytes(event);
    if (keepAlive) {
      Chunks.close(out);
    }
    return wire.writeAndFlush(out);
  }

  ChannelFuture end() {
    return ctx.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT);
  }

  private static byte[] event(String head, byte[] json) {
    byte[] start = head.getBytes(StandardCharsets.US_ASCII);
    byte[] out = new byte[start.length + json.length + 2];
    System.arraycopy(start, 0, out, 0, start.length);
    System.arraycopy(json, 0, out, start.length, json.length);
    out[out.length - 2] = '\n';
    out[out.length - 1] = '\n';
    return out;
  }
}
