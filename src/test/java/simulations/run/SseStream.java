package simulations.run;

import static io.gatling.javaapi.core.CoreDsl.*;
import static io.gatling.javaapi.http.HttpDsl.*;
import static simulations.run.GatlingRecords.doing;
import static simulations.run.GatlingState.field;

import io.gatling.commons.validation.Validation;
import io.gatling.core.action.Action;
import io.gatling.http.client.Request;
import io.gatling.http.client.impl.DefaultHttpClient;
import io.gatling.http.client.impl.Http2Content;
import io.gatling.http.client.impl.RequestTimeout;
import io.gatling.javaapi.core.ActionBuilder;
import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.Session;
import io.gatling.javaapi.http.Sse;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import kpi.Outcome;
import scala.Function1;

/**
 * The SSE stream of a user, from the response headers to its end. Gatling reports only that a check
 * failed; the reason is in the stream's state.
 */
public final class SseStream {
  private static final String STREAM = "stream";
  private static final String HTTP2_HANDLER = "app-http2";
  private static final String CONNECTED = "connected";
  private static final String CRASHED = "SseCrashedState";
  private static final String CLEAN_END = "End of stream";

  /** Lets the end of the response arrive, so that the connection can serve the next stream. */
  private static final Duration END_OF_STREAM = Duration.ofMillis(10);

  /** Spares a service that is down from a user whose stream failed. */
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);

  private SseStream() {}

  /** Returns the user's stream, for an action under a name in the report. */
  public static Sse of(String name) {
    return sse(name).sseName(STREAM);
  }

  /**
   * Gives a request up if its response headers are not there in time; Gatling would wait for them
   * until the run's end. Not of HTTP/2, whose connection has other streams.
   *
   * @param connect requests a stream
   */
  private static ActionBuilder within(Duration bound, ActionBuilder connect) {
    return () ->
        (context, next) -> {
          Action action = connect.asScala().build(context, next);
          @SuppressWarnings("unchecked") // A function of a session of Gatling's own.
          var request = (Function1<Object, Validation<Request>>) field(action, "request");
          Function1<Object, Validation<Request>> bounded =
              session -> request.apply(session).map(made -> bounded(made, bound));
          GatlingState.write(action.getClass(), action, "request", bounded);
          return action;
        };
  }

  private static Request bounded(Request request, Duration bound) {
    if (!request.isHttp2Enabled()) {
      GatlingState.write(Request.class, request, "requestTimeout", bound.toMillis());
    }
    return request;
  }

  /** Lifts the bound of a request, which would be one of its whole answer. */
  private static void unbounded(ChannelHandler gatling) {
    Object exchange = field(gatling, "tx");
    if (exchange != null) { // Else the answer has ended.
      RequestTimeout bound = (RequestTimeout) field(exchange, "requestTimeout");
      RequestTimeout none = RequestTimeout.requestTimeout(0, null);
      GatlingState.write(exchange.getClass(), exchange, "requestTimeout", none);
      bound.cancel();
    }
  }

  /**
   * Requests a stream and reads it, if it is opened, until its sink has enough.
   *
   * @param name of the reading
   * @param bound of the wait for the response headers, and of the stream after them
   * @param opened calls {@link #connected}
   */
  public static ChainBuilder stream(
      ActionBuilder request, String name, Duration bound, UnaryOperator<Session> opened) {
    return exec(SseStream::requested)
        .exec(within(bound, request))
        .doIf(session -> !session.isFailed())
        .then(exec(opened), exec(read(name, bound)));
  }

  /** Notes that a user is about to request a stream. */
  private static Session requested(Session session) {
    Seat.of(session).ifPresent(Seat::requested);
    return session.set(CONNECTED, false);
  }

  /**
   * Takes the stream's events off its connection before Gatling sees them; on the user's event
   * loop. Gatling, which would repeat the request of a stream that breaks, sees only the last event
   * and the end.
   */
  public static Session connected(Session session, SseDecoder.Sink sink) {
    Seat.of(session).ifPresent(Seat::connected);
    if (GatlingState.name(session, STREAM).equals("SseIdleState")) {
      ChannelPipeline pipeline = pipeline(session);
      Events events = new Events(new SseDecoder(sink));
      boolean http2 = pipeline.get(HTTP2_HANDLER) != null;
      if (!http2) {
        unbounded(pipeline.get(DefaultHttpClient.APP_HTTP_HANDLER));
      }
      if (pipeline.get(STREAM) == null) {
        if (http2) { // Else a client that leaves an endless stream would be there for 30 s more.
          pipeline.get(Http2ConnectionHandler.class).gracefulShutdownTimeoutMillis(0);
        }
        String gatling = http2 ? HTTP2_HANDLER : DefaultHttpClient.APP_HTTP_HANDLER;
        pipeline.addBefore(gatling, STREAM, events);
      } else { // That of the connection's stream before.
        pipeline.replace(STREAM, STREAM, events);
      }
    }
    return session.set(CONNECTED, true);
  }

  /**
   * Ends the reading of the open stream after a time, as if its sink had enough, unless it has
   * ended by then; on the user's event loop.
   *
   * @param leaves returns false to read on
   */
  public static void enoughAfter(Session session, Duration after, BooleanSupplier leaves) {
    if (GatlingState.name(session, STREAM).equals("SseIdleState")
        && pipeline(session).get(STREAM) instanceof Events events) {
      long ns = Math.max(1, after.toNanos());
      var unused =
          pipeline(session)
              .channel()
              .eventLoop()
              .schedule(() -> events.leave(leaves), ns, TimeUnit.NANOSECONDS);
    }
  }

  private static ChannelPipeline pipeline(Session session) {
    Object stream = field(session.get(STREAM), "stream");
    Object listener = field(field(stream, "state"), "listener");
    return ((Channel) field(listener, "channel")).pipeline();
  }

  public static boolean isConnected(Session session) {
    return session.getBoolean(CONNECTED);
  }

  /** Waits until the sink of the open stream has enough, within a bound of the whole stream. */
  private static ActionBuilder read(String name, Duration bound) {
    return of(name)
        .setCheck()
        .await(bound)
        .on(sse.checkMessage(name).matching(bodyString().exists()));
  }

  public static ChainBuilder close(String name) {
    return exec(SseStream::unrepeatable).exec(of(name).close());
  }

  /**
   * Keeps Gatling from requesting the stream once more when it closes it. Its handler forgets that
   * the response had begun before it looks, and so takes a connection that had served a stream
   * before for one that the server closed too early; with {@link Events} before it, it does not.
   */
  private static Session unrepeatable(Session session) {
    if (GatlingState.name(session, STREAM).equals("SseIdleState")) {
      ChannelPipeline pipeline = pipeline(session);
      if (pipeline.get(STREAM) == null
          && pipeline.get(DefaultHttpClient.APP_HTTP_HANDLER) != null) {
        pipeline.remove(DefaultHttpClient.APP_HTTP_HANDLER);
      }
    }
    return session;
  }

  /** Closes the stream if it is still open, and spares a service whose stream failed. */
  public static ChainBuilder end(String name) {
    return exec(doing(
            session -> Seat.of(session).ifPresent(seat -> seat.ended(session.isFailed()))))
        .pause(END_OF_STREAM)
        .doIfOrElse(SseStream::isOpen)
        .then(exec(close(name + " close")))
        .orElse(exec(session -> session.remove(STREAM)))
        .doIf(Session::isFailed)
        .then(pause(session -> Seat.of(session).map(Seat::waits).orElse(AFTER_FAILURE)))
        .exec(Session::markAsSucceeded);
  }

  /** Returns the failure by which Gatling ended the stream; null if the recorder had enough. */
  public static Outcome failure(Session session) {
    if (!session.isFailed()) {
      return null;
    }
    if (!GatlingState.name(session, STREAM).equals(CRASHED)) {
      return Outcome.TIMEOUT; // Gatling leaves the stream open when a check's time is up.
    }
    String message = GatlingState.error(session, STREAM);
    if (message.equals(CLEAN_END)) {
      return Outcome.CLOSED_EARLY;
    }
    return isConnected(session) ? Outcome.RESET : GatlingState.refused(message);
  }

  /** Returns the failure of the user's stream in Gatling's words; empty if it did not fail. */
  public static String why(Session session) {
    return GatlingState.error(session, STREAM);
  }

  /** Returns a failure in words after "3 streams". */
  public static String words(boolean connected, Outcome failure, String why) {
    if (!connected) {
      return "were not opened: " + GatlingState.words(why);
    }
    return switch (failure) {
      case TIMEOUT -> "had not ended when their time was up";
      case CLOSED_EARLY -> "ended before their last event";
      default -> "broke: " + why;
    };
  }

  /** Returns the HTTP status in the words of a failure; 0 if there is none. */
  public static int status(String why) {
    return GatlingState.status(why);
  }

  /** Returns false if the server has ended the stream, so that nothing is left to close. */
  private static boolean isOpen(Session session) {
    String state = GatlingState.name(session, STREAM);
    return session.contains(STREAM) && !state.equals("SseClosedState") && !state.equals(CRASHED);
  }

  /**
   * Stands before Gatling's own handler as long as the connection lives, for Gatling also repeats a
   * request of which nothing was answered before its connection broke.
   */
  private static final class Events extends ChannelInboundHandlerAdapter {
    private static final byte[] ENOUGH = "data: enough\n\n".getBytes(StandardCharsets.US_ASCII);

    private final SseDecoder decoder;
    private ChannelHandlerContext own;

    /** The latest frame of HTTP/2; null of HTTP/1. */
    private Http2Content frame;

    private boolean enough;
    private boolean leaving;
    private boolean over;

    Events(SseDecoder decoder) {
      this.decoder = decoder;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
      own = context;
    }

    void leave(BooleanSupplier leaves) {
      if (!over && !enough && leaves.getAsBoolean()) {
        enough();
      }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      frame = message instanceof Http2Content http2 ? http2 : null;
      Object body = frame == null ? message : frame.httpContent;
      if (over || !(body instanceof HttpContent content) || content.decoderResult().isFailure()) {
        context.fireChannelRead(message);
        return;
      }
      over = frame == null ? content instanceof LastHttpContent : frame.last;
      try {
        if (!enough && (decoder.feed(content.content()) || (over && decoder.isWhole()))) {
          enough();
        }
      } finally {
        if (frame == null) { // The connection of HTTP/2 keeps its frames.
          content.release();
        }
      }
      if (over) {
        goOn();
        pass(LastHttpContent.EMPTY_LAST_CONTENT, true);
      }
    }

    private void enough() {
      enough = true;
      long ns = over ? 0 : decoder.lingersNs();
      if (ns > 0) {
        var unused = own.executor().schedule(this::goOn, ns, TimeUnit.NANOSECONDS);
      } else {
        goOn();
      }
    }

    /** Lets the user go on, once, if its sink has had enough. */
    private void goOn() {
      if (enough && !leaving) {
        leaving = true;
        pass(new DefaultHttpContent(Unpooled.wrappedBuffer(ENOUGH)), false);
      }
    }

    private void pass(HttpContent content, boolean last) {
      own.fireChannelRead(
          frame == null ? content : new Http2Content(content, frame.streamId, last));
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      over = true;
      goOn();
      context.fireExceptionCaught(new IOException("the connection ended before the stream did"));
      context.fireChannelInactive();
    }
  }
}
