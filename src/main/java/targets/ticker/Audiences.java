package targets.ticker;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.EventExecutor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** The audiences of all event loops. Thread-safe. */
final class Audiences {
  private final Map<EventExecutor, Audience> byLoop = new LinkedHashMap<>();

  /**
   * @param loops all of them
   * @param maker makes the audience of a loop
   */
  Audiences(Iterable<EventExecutor> loops, Function<EventLoop, Audience> maker) {
    loops.forEach(loop -> byLoop.put(loop, maker.apply((EventLoop) loop)));
  }

  void start() {
    byLoop.values().forEach(Audience::start);
  }

  Audience of(EventLoop loop) {
    return byLoop.get(loop);
  }

  /** Gives a broadcast to all, and releases it. */
  void publish(Broadcast broadcast) {
    byLoop.values().forEach(audience -> audience.publish(broadcast));
    broadcast.release();
  }

  /** Closes all clients. */
  void stop() {
    byLoop.values().forEach(Audience::stop);
  }

  /** Clients whose state is kept. */
  long known() {
    return byLoop.values().stream().mapToLong(Audience::known).sum();
  }

  /** Broadcasts that wait in the loop that is furthest behind. */
  long waiting(int backlog) {
    return byLoop.values().stream().mapToLong(each -> each.waiting(backlog)).max().orElse(0);
  }
}
