package targets.ticker;

import io.netty.channel.EventLoop;
import java.util.LinkedHashMap;
import java.util.Map;
import targets.shared.EventLoops;
import targets.shared.PushClient;
import targets.shared.PushClients;
import targets.shared.PushGroup;

/** Sends broadcasts to the subscribers of all event loops. Thread-safe. */
final class FanOut {
  private final PushClients clients;
  private final Map<EventLoop, PushGroup<Broadcast>> groups = new LinkedHashMap<>();

  /**
   * @param backlog broadcasts that may wait for a loop
   */
  FanOut(EventLoops loops, int backlog, PushClients clients, TickerServer.Seam seam) {
    this.clients = clients;
    loops
        .group()
        .forEach(
            each -> {
              EventLoop loop = (EventLoop) each;
              groups.put(
                  loop,
                  new PushGroup<>(loop, backlog, clients, seam.delivery(PushClient::take, loop)));
            });
  }

  PushClients clients() {
    return clients;
  }

  /** Adds a subscriber; on its event loop. */
  void join(Subscriber subscriber) {
    groups.get(subscriber.loop()).join(subscriber);
  }

  /** Sends a broadcast to all, and releases it; blocks while a loop is at its backlog limit. */
  void publish(Broadcast broadcast) {
    groups.values().forEach(group -> group.publish(broadcast));
    broadcast.release();
  }

  /** Closes all subscribers after the broadcasts published so far. */
  void finish() {
    groups.forEach((loop, group) -> group.finish(() -> clients.closeAll(loop)));
  }

  /** Returns the number of broadcasts that wait in the loop that is furthest behind. */
  long waiting() {
    return groups.values().stream().mapToLong(PushGroup::waiting).max().orElse(0);
  }
}
