package targets.events;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpServerUpgradeHandler;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2ServerUpgradeCodec;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.util.AsciiString;
import io.netty.util.concurrent.Future;
import java.util.List;
import java.util.concurrent.TimeUnit;
import targets.shared.HttpEdge;
import targets.shared.Service.Cut;

/**
 * HTTP/2 on the connections of the server: by prior knowledge, by an upgrade from HTTP/1.1, or
 * selected in the TLS handshake. Each stream of HTTP/2 is a channel with an {@link EventsEdge},
 * whose requests and replies look like those of HTTP/1.1. Thread-safe.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A close cannot fail in a way that matters.
record Http2(EventsServer server) {
  /** Clients that end streams of theirs send one such frame for each. */
  private static final int RESETS_MAX = 20_000;

  private static final int RESETS_WINDOW_S = 30;

  /** Offers HTTP/2 on a connection whose pipeline is that of HTTP/1, without TLS. */
  void offer(SocketChannel channel) {
    ChannelPipeline pipeline = channel.pipeline();
    HttpServerCodec codec = pipeline.get(HttpServerCodec.class);
    HttpServerUpgradeHandler upgrade =
        new HttpServerUpgradeHandler(
            codec, name -> upgrade(channel, name), server.settings.maxBody());
    pipeline.addAfter(pipeline.context(codec).name(), null, upgrade);
    pipeline.addFirst(new Preface());
  }

  void fill(SocketChannel channel, SslContext tls) {
    channel
        .pipeline()
        .addLast(
            tls.newHandler(channel.alloc()),
            new ApplicationProtocolNegotiationHandler(ApplicationProtocolNames.HTTP_1_1) {
              @Override
              protected void configurePipeline(ChannelHandlerContext ctx, String protocol) {
                if (protocol.equals(ApplicationProtocolNames.HTTP_2)) {
                  ctx.pipeline().addLast(handlers(channel));
                } else {
                  server.fill(channel);
                }
              }
            });
  }

  private Http2ServerUpgradeCodec upgrade(SocketChannel channel, CharSequence protocol) {
    if (!AsciiString.contentEquals(Http2CodecUtil.HTTP_UPGRADE_PROTOCOL_NAME, protocol)) {
      return null; // The request is served as one of HTTP/1.1.
    }
    ChannelHandler[] handlers = handlers(channel);
    return new Http2ServerUpgradeCodec((Http2FrameCodec) handlers[0], handlers[1], handlers[2]) {
      @Override
      public void upgradeTo(ChannelHandlerContext ctx, FullHttpRequest request) {
        removeBehind(ctx);
        super.upgradeTo(ctx, request);
      }
    };
  }

  private ChannelHandler[] handlers(SocketChannel channel) {
    Http2FrameCodec codec =
        Http2FrameCodecBuilder.forServer()
            .initialSettings(
                Http2Settings.defaultSettings().maxConcurrentStreams(server.settings.maxStreams()))
            .decoderEnforceMaxRstFramesPerWindow(RESETS_MAX, RESETS_WINDOW_S)
            .build();
    ChannelHandler failures =
        new ChannelInboundHandlerAdapter() {
          @Override
          public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            HttpEdge.close(ctx, cause);
          }
        };
    Http2MultiplexHandler streams = new Http2MultiplexHandler(new Streams(channel));
    return new ChannelHandler[] {codec, streams, failures};
  }

  private static void removeBehind(ChannelHandlerContext ctx) {
    ChannelPipeline pipeline = ctx.pipeline();
    while (pipeline.lastContext() != ctx) {
      pipeline.removeLast();
    }
  }

  /** The streams of one connection, which is closed when it has had none for too long. */
  private final class Streams extends ChannelInitializer<Channel> {
    private final SocketChannel connection;
    private int open;
    private Future<?> idle;

    Streams(SocketChannel connection) {
      this.connection = connection;
      closed(0);
    }

    @Override
    protected void initChannel(Channel stream) {
      open++;
      idle.cancel(false);
      stream.closeFuture().addListener(unused -> closed(1));
      stream.config().setWriteBufferWaterMark(EventsServer.WAITING_BYTES);
      stream.pipeline().addLast(new Http2StreamFrameToHttpObjectCodec(true));
      HttpObjectAggregator aggregator = new HttpObjectAggregator(server.settings.maxBody());
      server.service.fillStream(stream, aggregator, new EventsEdge(server));
    }

    private void closed(int count) {
      open -= count;
      if (open == 0) {
        long ms = server.settings.listener().times().httpIdle().toMillis();
        idle = connection.eventLoop().schedule(this::end, ms, TimeUnit.MILLISECONDS);
      }
    }

    private void end() {
      if (connection.isActive()) {
        server.service.count(Cut.IDLE);
        connection.close();
      }
    }
  }

  /** Selects HTTP/2 if the first bytes are its connection preface (RFC 9113, section 3.4). */
  private final class Preface extends ByteToMessageDecoder {
    private static final ByteBuf EXPECTED = Http2CodecUtil.connectionPrefaceBuf();

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
      int length = Math.min(in.readableBytes(), EXPECTED.readableBytes());
      boolean matches = ByteBufUtil.equals(in, in.readerIndex(), EXPECTED, 0, length);
      if (matches && length < EXPECTED.readableBytes()) {
        return;
      }
      if (matches) {
        removeBehind(ctx);
        ctx.pipeline().addLast(handlers((SocketChannel) ctx.channel()));
      }
      ctx.pipeline().remove(this); // Which passes the bytes on.
    }
  }
}
