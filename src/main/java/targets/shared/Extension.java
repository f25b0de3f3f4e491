package targets.shared;

import io.javalin.config.RoutesConfig;
import io.netty.channel.ChannelPipeline;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;

/**
 * Code that is attached to a {@link Service} from outside when it starts. Every method does nothing
 * by default, and a service without an extension runs {@link #NONE}.
 */
public interface Extension extends AutoCloseable {
  /** Changes nothing. */
  Extension NONE = new Extension() {};

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

  /** Returns an extension that does what this one does, then what the other one does. */
  default Extension and(Extension other) {
    return new Both(this, other);
  }

  record Both(Extension first, Extension second) implements Extension {
    @Override
    public void start(Iterable<? extends ScheduledExecutorService> loops, Counters counters) {
      first.start(loops, counters);
      second.start(loops, counters);
    }

    @Override
    public void connected(ChannelPipeline pipeline) {
      first.connected(pipeline);
      second.connected(pipeline);
    }

    @Override
    public void route(RoutesConfig routes) {
      first.route(routes);
      second.route(routes);
    }

    @Override
    public Optional<String> unready(Optional<String> reason) {
      return second.unready(first.unready(reason));
    }

    @Override
    public void close() {
      first.close();
      second.close();
    }
  }
}
