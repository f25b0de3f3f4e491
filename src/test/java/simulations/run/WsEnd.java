package simulations.run;

import static io.gatling.javaapi.core.CoreDsl.*;
import static io.gatling.javaapi.http.HttpDsl.*;

import io.gatling.http.client.WebSocketListener;
import io.gatling.http.client.impl.WebSocketHandler;
import io.gatling.javaapi.core.Session;
import io.gatling.javaapi.http.WsFrameCheck;
import io.netty.buffer.ByteBufHolder;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandler;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.IntConsumer;
import kpi.Outcome;
import kpi.SocketLoss;

/**
 * The end of a WebSocket of Gatling. Gatling keeps it in the socket's state, and forgets the code
 * of a close frame, which is therefore read where the frame comes in.
 */
public final class WsEnd {
  private static final Set<String> OPEN = Set.of("WsIdleState", "WsPerformingCheckState");
  private static final String WATCH = "close code";
  private static final String ANSWERS = "answers";
  private static final String FRAME_PINGS = "frame pings";

  /** Stands for a close without a frame (RFC 6455, section 7.4.1); never sent. */
  public static final int NO_FRAME = 1006;

  /** Stands for a close frame without a code (RFC 6455, section 7.4.1); never sent. */
  private static final int NO_CODE = 1005;

  /** The reason why a user lost a socket, as it counts among the outcomes and the losses. */
  public record Lost(Outcome outcome, SocketLoss by) {}

  private WsEnd() {}

  /**
   * Returns a check that sees every frame as Gatling hands it over:
   * docs/decisions/0001-recorder-in-the-matcher.md.
   *
   * @param isLast takes a frame; returns true if nothing more is expected
   */
  public static WsFrameCheck.Text frames(String name, BiPredicate<String, Session> isLast) {
    return ws.checkTextMessage(name)
        .matching(bodyString().transformWithSession(isLast::test).is(true))
        .silent();
  }

  /** Returns true while the socket is open. */
  public static boolean isOpen(Session session, String socket) {
    return OPEN.contains(GatlingState.name(session, socket));
  }

  /**
   * Reports the code of the close frame, if one comes before the user closes; on the user's event
   * loop.
   *
   * @param onClose takes the code; 1005 if the frame has none
   */
  public static void watch(Session session, String socket, IntConsumer onClose) {
    addHandler(session, socket, WATCH, closeWatch(onClose));
  }

  /**
   * Sends the texts of an open socket as ping frames from now on, and receives pong frames as
   * texts: Gatling has no pings of its own.
   */
  public static void sendPings(Session session, String socket) {
    addHandler(session, socket, FRAME_PINGS, framePings());
  }

  /**
   * Answers texts of an open socket from now on, such as heartbeats; on the user's event loop.
   *
   * @param answers returns the answer to a text; empty for none
   */
  public static void answer(
      Session session, String socket, Function<String, Optional<String>> answers) {
    addHandler(session, socket, ANSWERS, answering(answers));
  }

  /** Adds a handler before Gatling's own, if the socket is open. */
  private static void addHandler(
      Session session, String socket, String name, ChannelHandler handler) {
    if (!isOpen(session, socket)) {
      return;
    }
    Object state = GatlingState.of(session, socket);
    Object listener = GatlingState.field(state, "webSocket");
    Channel channel = (Channel) GatlingState.read(WebSocketListener.class, listener, "channel");
    ChannelHandlerContext last = channel.pipeline().context(WebSocketHandler.class);
    channel.pipeline().addBefore(last.name(), name, handler);
  }

  @SuppressWarnings("FutureReturnValueIgnored") // A write that fails ends its own socket only.
  static ChannelHandler answering(Function<String, Optional<String>> answers) {
    return new ChannelInboundHandlerAdapter() {
      @Override
      public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof TextWebSocketFrame text) {
          answers.apply(text.text()).map(TextWebSocketFrame::new).ifPresent(context::writeAndFlush);
        }
        context.fireChannelRead(message);
      }
    };
  }

  static ChannelHandler framePings() {
    return new ChannelDuplexHandler() {
      @Override
      public void write(ChannelHandlerContext context, Object message, ChannelPromise written) {
        boolean isText = message instanceof TextWebSocketFrame;
        var unused =
            context.write(
                isText ? new PingWebSocketFrame(((ByteBufHolder) message).content()) : message,
                written);
      }

      @Override
      public void channelRead(ChannelHandlerContext context, Object message) {
        boolean isPong = message instanceof PongWebSocketFrame;
        context.fireChannelRead(
            isPong ? new TextWebSocketFrame(((ByteBufHolder) message).content()) : message);
      }
    };
  }

  /** Returns the failure of a user's socket in the words of Gatling or Netty; empty for none. */
  public static String why(Session session, String socket) {
    return words(GatlingState.error(session, socket));
  }

  static String words(String message) {
    return GatlingState.words(message.replaceAll("^Some\\(|\\)$", ""));
  }

  /**
   * Returns why a socket is no longer open.
   *
   * @param closedBy the code of the close frame that came; 1006 if none did
   * @param connected whether the handshake had been done
   */
  public static Lost lost(Session session, String socket, int closedBy, boolean connected) {
    return connected
        ? new Lost(Outcome.CLOSED_EARLY, SocketLoss.closedBy(closedBy))
        : refused(GatlingState.error(session, socket));
  }

  /** Classifies the message of Gatling or Netty. */
  static Lost refused(String message) {
    Outcome outcome = GatlingState.refused(message);
    int status = GatlingState.status(message);
    if (status == 0 && message.toLowerCase(Locale.ROOT).contains("handshake")) {
      outcome = Outcome.INVALID; // An answer, but not the one to an upgrade.
    }
    boolean answered = outcome == Outcome.LIMITED || outcome == Outcome.INVALID;
    return new Lost(
        outcome, answered ? SocketLoss.refusedBy(status) : SocketLoss.REFUSED_UNANSWERED);
  }

  /** Sees the frames of one socket before Gatling does. */
  static ChannelInboundHandler closeWatch(IntConsumer onClose) {
    return new ChannelInboundHandlerAdapter() {
      @Override
      public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof CloseWebSocketFrame close) {
          onClose.accept(close.statusCode() < 0 ? NO_CODE : close.statusCode());
        }
        boolean isBinary = message instanceof BinaryWebSocketFrame; // Of a text, in some languages.
        context.fireChannelRead(
            isBinary ? new TextWebSocketFrame(((ByteBufHolder) message).content()) : message);
      }
    };
  }
}
