package targets.shared;

import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.websocketx.Utf8FrameValidator;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker13;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketExtensionData;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketExtensionUtil;
import io.netty.handler.codec.http.websocketx.extensions.compression.PerMessageDeflateServerExtensionHandshaker;
import java.util.Optional;

/**
 * Turns an HTTP connection into a WebSocket of version 13. The pipeline that remains is an encoder
 * of control frames, a frame decoder and a reader of frames. Thread-safe.
 */
public final class WebSocketUpgrade {
  private static final String VERSION = "13";

  /** Length of 16 bytes in base64. */
  private static final int KEY_LENGTH = 24;

  private static final String EXTENSION = "permessage-deflate";
  private static final String SERVER_NO_CONTEXT = "server_no_context_takeover";
  private static final String CLIENT_NO_CONTEXT = "client_no_context_takeover";

  private static final int WINDOW_BITS = 15;

  private final WebSocketDecoderConfig config;

  /** Refuses offers that limit our window, because the JDK's deflater cannot. */
  private final PerMessageDeflateServerExtensionHandshaker deflation;

  /** An upgrade with a limit of a client's frame, also after decompression. */
  public WebSocketUpgrade(int messageBytesMax, boolean deflates) {
    this.config =
        WebSocketDecoderConfig.newBuilder()
            .maxFramePayloadLength(messageBytesMax)
            .allowExtensions(deflates)
            .expectMaskedFrames(true)
            .allowMaskMismatch(false)
            .closeOnProtocolViolation(false)
            .build();
    this.deflation =
        new PerMessageDeflateServerExtensionHandshaker(
            1, false, WINDOW_BITS, true, true, messageBytesMax);
  }

  /** True for a valid request for a WebSocket of version 13. */
  public static boolean isRequested(HttpRequest request) {
    HttpHeaders headers = request.headers();
    return request.method().equals(HttpMethod.GET)
        && headers.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true)
        && headers.containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true)
        && headers.get(HttpHeaderNames.SEC_WEBSOCKET_KEY, "").length() == KEY_LENGTH
        && headers.get(HttpHeaderNames.SEC_WEBSOCKET_VERSION, "").equals(VERSION);
  }

  /** Returns the refusal, by 426, of a request for something else. */
  public static FullHttpResponse required(String reason) {
    FullHttpResponse reply = Replies.error(HttpResponseStatus.UPGRADE_REQUIRED, reason);
    reply.headers().set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET);
    reply.headers().set(HttpHeaderNames.SEC_WEBSOCKET_VERSION, VERSION);
    return reply;
  }

  /**
   * Answers by 101 and opens the client. The caller removes its own handlers.
   *
   * @param subprotocol one that the client offers, to be selected
   */
  @SuppressWarnings("FutureReturnValueIgnored") // A close cannot fail in a way that matters.
  public void perform(
      SocketChannel channel,
      FullHttpRequest request,
      PushClient<?> client,
      Optional<String> subprotocol) {
    Optional<WebSocketExtensionData> offer = offer(request.headers());
    HttpHeaders more = new DefaultHttpHeaders();
    offer.ifPresent(made -> more.set(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS, accept(made)));
    ChannelPipeline pipeline = channel.pipeline();
    pipeline.addLast(new Utf8FrameValidator(false), client);
    new WebSocketServerHandshaker13("", subprotocol.orElse(null), config)
        .handshake(channel, request, more, channel.newPromise())
        .addListener(
            done -> {
              if (done.isSuccess()) {
                offer.ifPresent(made -> inflate(pipeline, made));
                client.begin(offer.isPresent());
              } else {
                channel.close();
              }
            });
  }

  private void inflate(ChannelPipeline pipeline, WebSocketExtensionData offer) {
    String decoder = pipeline.context(WebSocket13FrameDecoder.class).name();
    var extension = deflation.handshakeExtension(offer);
    pipeline.addAfter(decoder, "inflate", extension.newExtensionDecoder());
  }

  /** The client keeps its window unless it offered not to: some clients fail if it is required. */
  private static String accept(WebSocketExtensionData offer) {
    String server = EXTENSION + "; " + SERVER_NO_CONTEXT;
    return offer.parameters().containsKey(CLIENT_NO_CONTEXT)
        ? server + "; " + CLIENT_NO_CONTEXT
        : server;
  }

  /** Returns the first offer of compression that can be accepted. */
  private Optional<WebSocketExtensionData> offer(HttpHeaders headers) {
    return headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS).stream()
        .flatMap(line -> WebSocketExtensionUtil.extractExtensions(line).stream())
        .filter(offer -> config.allowExtensions() && deflation.handshakeExtension(offer) != null)
        .findFirst();
  }
}
