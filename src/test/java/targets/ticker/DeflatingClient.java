package targets.ticker;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshakerFactory;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler;
import io.netty.handler.codec.http.websocketx.WebSocketVersion;
import io.netty.handler.codec.http.websocketx.extensions.compression.WebSocketClientCompressionHandler;
import java.net.URI;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import targets.shared.EventLoops;

/** A client that speaks permessage-deflate, in both directions: Netty's own. */
final class DeflatingClient implements AutoCloseable {
  private static final int BODY_BYTES_MAX = 8192;

  private final EventLoops loops = new EventLoops("deflating-client", 1);
  private final BlockingQueue<String> texts = new LinkedBlockingQueue<>();
  private final Channel channel;

  DeflatingClient(int port, String token) {
    URI url = URI.create("ws://127.0.0.1:" + port + "/ws?token=" + token);
    WebSocketClientProtocolHandler protocol =
        new WebSocketClientProtocolHandler(
            WebSocketClientHandshakerFactory.newHandshaker(
                url, WebSocketVersion.V13, null, true, new DefaultHttpHeaders()));
    channel =
        new Bootstrap()
            .group(loops.group())
            .channel(EventLoops.clientChannel())
            .handler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel made) {
                    made.pipeline()
                        .addLast(new HttpClientCodec())
                        .addLast(new HttpObjectAggregator(BODY_BYTES_MAX))
                        .addLast(new WebSocketClientCompressionHandler(0))
                        .addLast(protocol)
                        .addLast(new Texts());
                  }
                })
            .connect("127.0.0.1", port)
            .syncUninterruptibly()
            .channel();
  }

  String next() throws InterruptedException {
    return texts.take();
  }

  void send(String text) {
    channel.writeAndFlush(new TextWebSocketFrame(text)).syncUninterruptibly();
  }

  @Override
  public void close() {
    loops.close();
  }

  private final class Texts extends SimpleChannelInboundHandler<TextWebSocketFrame> {
    @Override
    protected void channelRead0(ChannelHandlerContext ctx, TextWebSocketFrame frame) {
      texts.add(frame.text());
    }
  }
}
