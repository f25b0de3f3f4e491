package targets.llm;

import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import settings.SettingsReader;
import targets.shared.Clocks;
import targets.shared.Extension;
import targets.shared.Service;
import targets.shared.Target;
import targets.shared.TargetSpec;

/** An OpenAI-compatible chat-completions server; see the package. */
public final class LlmServer {
  /** The server as the command line sees it. */
  public static final TargetSpec SPEC =
      new TargetSpec(
          "llm",
          "OpenAI-compatible token streams at an exact pace",
          LlmSettings.class,
          reader -> start(reader, Plans.HONEST));

  /** A stream waits for its client while more than this waits for the socket. */
  private static final WriteBufferWaterMark WAITING_BYTES =
      new WriteBufferWaterMark(16 * 1024, 32 * 1024);

  private final Map<EventLoop, Pacer> pacers = new ConcurrentHashMap<>();
  private final LlmSettings settings;
  private final Clocks clocks;
  private final Service service;
  private final Answers answers;
  private final Routes routes;

  /** Chooses the plan that a stream follows. */
  public interface Plans {
    Plans HONEST = (plan, stream, seed) -> plan;

    /** Returns the plan of a stream by its number, from 0, and the server's seed. */
    StreamPlan of(StreamPlan plan, long stream, long seed);
  }

  private LlmServer(LlmSettings settings, Clocks clocks, Plans plans, Extension... extensions) {
    this.settings = settings;
    this.clocks = clocks;
    LlmMetrics metrics = new LlmMetrics();
    service = new Service("llm", settings.threads(), metrics.counters, extensions);
    answers = new Answers(settings, metrics, clocks, plans);
    routes = new Routes(settings, metrics, service, clocks.wall().instant().getEpochSecond());
    service.drains(
        answers.slots,
        settings.drain(),
        channel -> channel.pipeline().get(Connection.class).cutShort());
    service.listen(settings.host(), settings.port(), this::accept);
  }

  /** Starts a server; returns when it listens. */
  public static Target start(SettingsReader reader, Plans plans, Extension... extensions) {
    return new LlmServer(reader.finish(LlmSettings.class), Clocks.SYSTEM, plans, extensions)
        .service;
  }

  private void accept(SocketChannel channel) {
    channel.config().setWriteBufferWaterMark(WAITING_BYTES);
    Pacer pacer =
        pacers.computeIfAbsent(channel.eventLoop(), loop -> new Pacer(loop, clocks.nano()));
    Connection connection = new Connection(routes, answers, pacer);
    channel
        .pipeline()
        .addLast(new HttpServerCodec())
        .addLast(connection.collector(settings.maxBody()))
        .addLast(connection);
  }
}
