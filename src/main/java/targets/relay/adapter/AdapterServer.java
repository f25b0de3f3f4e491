package targets.relay.adapter;

import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.cors.CorsConfig;
import io.netty.handler.codec.http.cors.CorsConfigBuilder;
import io.netty.handler.codec.http.cors.CorsHandler;
import io.netty.handler.flush.FlushConsolidationHandler;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import settings.SettingsReader;
import targets.shared.Extension;
import targets.shared.Service;
import targets.shared.Target;
import targets.shared.TargetSpec;

/** Second process of the relay, from NATS to server-sent events. */
public final class AdapterServer {
  /** Description for the command line. */
  public static final TargetSpec SPEC =
      new TargetSpec(
          "relay-adapter",
          "Token relay, second half: NATS to server-sent events",
          AdapterSettings.class,
          reader -> start(reader, Seam.HONEST, Extension.NONE));

  /** A client is slow while more than this is unsent. */
  private static final WriteBufferWaterMark UNSENT_BYTES =
      new WriteBufferWaterMark(32 * 1024, 64 * 1024);

  /** Validity of a browser's preflight request. */
  private static final long PREFLIGHT_S = 3600;

  private static final int BODY_BYTES_MAX = 1 << 20;

  /** Tokens that come together leave together, at most so many in one write. */
  private static final int FLUSH_EVERY = 256;

  private final Streams streams;
  private final CorsConfig cors;

  /** Parts of a stream that can be replaced from outside; called on its event loop. */
  public interface Seam {
    /** Replaces nothing. */
    Seam HONEST = new Seam() {};

    /** Returns the request to serve. */
    default StreamRequest request(StreamRequest request) {
      return request;
    }

    /** Begins a stream: subscribes, which greets the client when the subscription stands. */
    default void begin(Beginning stream) {
      stream.subscribe();
    }

    /** Returns the writer of a stream's tokens, given the honest one. */
    default Consumer<Token> writer(Function<Token, ChannelFuture> honest, StreamRequest request) {
      return token -> {
        var unused = honest.apply(token);
      };
    }
  }

  /** The first steps of a stream. */
  public interface Beginning {
    /** Returns the stream's event loop. */
    EventLoop loop();

    /** Sends the head of the response and the greeting. */
    void greet();

    /** Subscribes to the conversation, and greets the client if that is still to be done. */
    void subscribe();
  }

  private AdapterServer(Streams streams) {
    this.streams = streams;
    this.cors = cors(streams.settings().cors());
  }

  /**
   * Starts an adapter; returns when it listens, whether NATS answers or not.
   *
   * @param seam replaces parts
   * @param extension attached for the whole life
   * @throws settings.BadSettings with every wrong value, or if the port cannot be bound
   */
  public static Target start(SettingsReader reader, Seam seam, Extension extension) {
    AdapterSettings settings = reader.finish(AdapterSettings.class);
    AdapterMetrics metrics = new AdapterMetrics();
    Service service = new Service("adapter", settings.threads(), metrics.counters, extension);
    Streams streams = Streams.in(service, settings, metrics, seam);
    AdapterServer adapter = new AdapterServer(streams);
    service.listen(settings.host(), settings.port(), adapter::accept);
    return service;
  }

  /** Netty refuses an empty list of origins by a configuration of its own. */
  private static CorsConfig cors(List<String> origins) {
    if (origins.isEmpty()) {
      return CorsConfigBuilder.forAnyOrigin().disable().build();
    }
    CorsConfigBuilder builder =
        origins.contains("*")
            ? CorsConfigBuilder.forAnyOrigin()
            : CorsConfigBuilder.forOrigins(origins.toArray(new String[0]));
    return builder
        .allowedRequestMethods(HttpMethod.GET, HttpMethod.POST)
        .allowedRequestHeaders("content-type", "last-event-id")
        .maxAge(PREFLIGHT_S)
        .noPreflightResponseHeaders()
        .build();
  }

  private void accept(SocketChannel channel) {
    channel.config().setWriteBufferWaterMark(UNSENT_BYTES);
    channel
        .pipeline()
        .addLast(new FlushConsolidationHandler(FLUSH_EVERY, true))
        .addLast(new HttpServerCodec())
        .addLast(new HttpObjectAggregator(BODY_BYTES_MAX))
        .addLast(new CorsHandler(cors))
        .addLast(new ClientConnection(streams));
  }
}
