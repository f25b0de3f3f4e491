package targets.defects;

import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import targets.shared.Delivery;
import targets.shared.PushClient;
import targets.shared.PushMessage;

/** Defects of the deliveries of one event loop. Each is used by that loop alone. */
final class TickerDeliveries {
  private static final long BLOCKED_MS = 1;

  private TickerDeliveries() {}

  /** Makes one delivery in so many happen another number of times; the target does not notice. */
  static <M extends PushMessage> Delivery<M> repeated(Delivery<M> honest, int every, int times) {
    return new Delivery<>() {
      private long count;

      @Override
      public Result deliver(PushClient<M> client, M message) {
        count++;
        int wanted = count % every == 0 ? times : 1;
        Result result = Result.DELIVERED;
        for (int done = 0; done < wanted && client.isOpen(); done++) {
          result = honest.deliver(client, message);
        }
        return result;
      }
    };
  }

  /** Holds every delivery back while the client of the oldest one is slow. */
  static <M extends PushMessage> Delivery<M> blocking(Delivery<M> honest, EventLoop loop) {
    return new Blocking<>(honest, loop);
  }

  private static final class Blocking<M extends PushMessage> implements Delivery<M> {
    private record Held<M extends PushMessage>(PushClient<M> client, M message) {}

    private final Queue<Held<M>> held = new ArrayDeque<>();
    private final Delivery<M> honest;
    private final EventLoop loop;

    Blocking(Delivery<M> honest, EventLoop loop) {
      this.honest = honest;
      this.loop = loop;
    }

    @Override
    public Result deliver(PushClient<M> client, M message) {
      if (held.isEmpty() && !client.isSlow()) {
        return honest.deliver(client, message);
      }
      message.retain();
      held.add(new Held<>(client, message));
      if (held.size() == 1) {
        tryLater();
      }
      return Result.WAITING;
    }

    private void tryLater() {
      var unused = loop.schedule(this::release, BLOCKED_MS, TimeUnit.MILLISECONDS);
    }

    private void release() {
      while (!held.isEmpty() && !held.element().client().isSlow()) {
        Held<M> next = held.remove();
        if (next.client().isOpen()) {
          honest.deliver(next.client(), next.message());
          next.client().flush();
        }
        next.message().release();
      }
      if (!held.isEmpty()) {
        tryLater();
      }
    }
  }
}
