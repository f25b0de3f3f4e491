package targets.ticker;

import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker13;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketExtensionData;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketExtensionUtil;
import io.netty.handler.codec.http.websocketx.extensions.compression.PerMessageDeflateServerExtensionHandshaker;
import java.util.Optional;
import java.util.Set;

/**
 * Makes an HTTP connection into a WebSocket of version 13. What is left of the pipeline is a frame
 * decoder and a {@link Connection}; frames to clients are written as bytes. Thread-safe.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A close cannot fail in a way that matters.
final class Upgrade {
  private static final String EXTENSION = "permessage-deflate";
  private static final String SERVER_NO_CONTEXT = "server_no_context_takeover";
  private static final String CLIENT_NO_CONTEXT = "client_no_context_takeover";

  /** What an offer may hold: a window of its own for us is not to be had from the JDK. */
  private static final Set<String> UNDERSTOOD =
      Set.of(SERVER_NO_CONTEXT, CLIENT_NO_CONTEXT, "client_max_window_bits");

  private static final int WINDOW_BITS = 15;

  private final TickerParts parts;
  private final WebSocketDecoderConfig config;

  Upgrade(TickerParts parts) {
    this.parts = parts;
    this.config =
        WebSocketDecoderConfig.newBuilder()
            .maxFramePayloadLength(parts.settings().limits().messageBytes())
            .allowExtensions(parts.settings().deflate())
            .expectMaskedFrames(true)
            .allowMaskMismatch(false)
            .closeOnProtocolViolation(false)
            .withUTF8Validator(true)
            .build();
  }

  /** Answers by 101 and lets the client begin. */
  void perform(SocketChannel channel, FullHttpRequest request, Door.Answer.Welcome welcome) {
    Optional<WebSocketExtensionData> offer =
        parts.settings().deflate() ? deflation(request.headers()) : Optional.empty();
    boolean deflates = offer.isPresent();
    HttpHeaders more = new DefaultHttpHeaders();
    offer.ifPresent(made -> more.set(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS, accept(made)));
    Client client =
        new Client(
            parts,
            channel,
            new Client.Guest(welcome.user(), welcome.expiresS(), welcome.account(), deflates),
            parts.numbers().incrementAndGet());
    ChannelPipeline pipeline = channel.pipeline();
    pipeline.addLast(new Connection(parts, client));
    new WebSocketServerHandshaker13("", null, config)
        .handshake(channel, request, more, channel.newPromise())
        .addListener(
            done -> {
              if (done.isSuccess()) {
                slim(pipeline, offer);
                client.begin();
              } else {
                channel.close();
              }
            });
  }

  /** Takes away what only the handshake needed. */
  private void slim(ChannelPipeline pipeline, Optional<WebSocketExtensionData> offer) {
    pipeline.remove(WebSocket13FrameEncoder.class);
    if (offer.isPresent()) {
      String decoder = pipeline.context(WebSocket13FrameDecoder.class).name();
      pipeline.addAfter(
          decoder,
          "inflate",
          new PerMessageDeflateServerExtensionHandshaker(
                  1, false, WINDOW_BITS, true, true, parts.settings().limits().messageBytes())
              .handshakeExtension(offer.get())
              .newExtensionDecoder());
    }
  }

  /** The client keeps its window unless it offered not to: some fail when they are told. */
  private static String accept(WebSocketExtensionData offer) {
    String server = EXTENSION + "; " + SERVER_NO_CONTEXT;
    return offer.parameters().containsKey(CLIENT_NO_CONTEXT)
        ? server + "; " + CLIENT_NO_CONTEXT
        : server;
  }

  /** The first offer that can be taken. */
  private static Optional<WebSocketExtensionData> deflation(HttpHeaders headers) {
    return headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS).stream()
        .flatMap(line -> WebSocketExtensionUtil.extractExtensions(line).stream())
        .filter(
            offer ->
                offer.name().equalsIgnoreCase(EXTENSION)
                    && UNDERSTOOD.containsAll(offer.parameters().keySet()))
        .findFirst();
  }
}
