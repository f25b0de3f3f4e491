package targets.shared;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.util.Map;

/** Whole HTTP replies. */
public final class Replies {
  private Replies() {}

  /** A JSON reply of maps, lists, records and plain values. */
  public static FullHttpResponse json(HttpResponseStatus status, Object value) {
    return bytes(status, "application/json", Json.bytes(value));
  }

  /** A refusal with its reason. */
  public static FullHttpResponse error(HttpResponseStatus status, String reason) {
    return json(status, Map.of("error", reason));
  }

  /** A refusal that a client should try again in a second. */
  public static FullHttpResponse unavailable(String reason) {
    FullHttpResponse reply = error(HttpResponseStatus.SERVICE_UNAVAILABLE, reason);
    reply.headers().set(HttpHeaderNames.RETRY_AFTER, "1");
    return reply;
  }

  public static FullHttpResponse wrongMethod(String allowed) {
    FullHttpResponse reply =
        error(HttpResponseStatus.METHOD_NOT_ALLOWED, "the method must be one of " + allowed);
    reply.headers().set(HttpHeaderNames.ALLOW, allowed);
    return reply;
  }

  public static FullHttpResponse bytes(HttpResponseStatus status, String type, byte[] body) {
    FullHttpResponse response =
        new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.wrappedBuffer(body));
    response.headers().set(HttpHeaderNames.CONTENT_TYPE, type);
    response.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, body.length);
    return response;
  }

  /**
   * Writes a whole reply, marked so that the connection lives on or ends after it. Stops reading
   * from a client that does not read its replies, until the channel is writable again.
   */
  public static void send(ChannelHandlerContext ctx, FullHttpResponse reply, boolean keepAlive) {
    markKeepAlive(reply, keepAlive);
    ChannelFuture written = ctx.writeAndFlush(reply);
    if (!keepAlive) {
      written.addListener(ChannelFutureListener.CLOSE);
    } else if (!ctx.channel().isWritable()) {
      ctx.channel().config().setAutoRead(false);
    }
  }

  /** Reads on from a client that reads its replies again; called when writability changes. */
  public static void readOn(Channel channel) {
    if (channel.isWritable()) {
      channel.config().setAutoRead(true);
    }
  }

  /** Marks in the headers of a reply whether its connection lives on. */
  public static void markKeepAlive(HttpResponse reply, boolean keepAlive) {
    HttpUtil.setKeepAlive(reply, keepAlive);
    if (!keepAlive) {
      reply.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    }
  }
}
