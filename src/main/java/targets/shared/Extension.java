package targets.shared;

import io.javalin.config.RoutesConfig;
import io.netty.channel.ChannelPipeline;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;

/**
 * Code that is attached to a {@link Service} from outside when it starts. Every method does nothing
 * by default. Several are called in their order.
 */
public interface Extension extends AutoCloseable {
  /** Called once, before the service listens. */
  default void start(Iterable<? extends ScheduledExecutorService> loops, Counters counters) {}

  /** Called on the event loop for each accepted connection, after its pipeline is filled. */
  default void connected(ChannelPipeline pipeline) {}

  /** Called once, before the routes of a service on Javalin are added. */
  default void route(RoutesConfig routes) {}

  /** Returns the reason that readiness reports in place of the true one. */
  default Optional<String> unready(Optional<String> reason) {
    return reason;
  }

  /** Gives back everything that was taken; called once, after the last request. */
  @Override
  default void close() {}
}
