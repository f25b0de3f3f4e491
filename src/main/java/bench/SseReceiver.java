package bench;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.EventLoop;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import stack.StackFailure;

/**
 * A bare SSE client on Netty: one event loop, Netty's HTTP codec, one handler that counts and
 * stamps. What a load generator costs beyond it is the price of its comfort. Used by one thread.
 */
public final class SseReceiver implements AutoCloseable {
  /**
   * Called by the thread that called {@link #receive}, at both ends of the plateau; not called if
   * the first stream ended before the last one was open.
   */
  public interface Plateau {
    /** All streams are open. */
    void begins();

    /** The first stream is about to end. */
    void ends();
  }

  /** How much later than planned streams may open or end. */
  private static final Duration LATENESS_BOUND = Duration.ofSeconds(30);

  private static final int STOP_BOUND_S = 2;
  private static final double NS_PER_S = 1e9;

  private final LongSupplier nanoClock;
  private final SseClients clients;

  /**
   * @param nanoClock monotonic nanoseconds
   */
  public SseReceiver(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
    this.clients = new SseClients();
  }

  /**
   * Runs the load and returns when every stream is over or overdue.
   *
   * @param url where streams are asked for
   * @throws StackFailure if the thread is interrupted
   */
  public Received receive(StreamLoad load, URI url, Plateau plateau) {
    Reception reception = new Reception(load);
    long startNs = nanoClock.getAsLong();
    EventLoop loop = clients.loop();
    ChannelGroup channels = new DefaultChannelGroup(loop);
    Bootstrap bootstrap =
        clients.bootstrap(url, channels, () -> new StreamReader(reception, url, nanoClock));
    for (int stream = 0; stream < load.streams(); stream++) {
      var unused =
          loop.schedule(
              () -> open(bootstrap, reception), load.openNs(stream), TimeUnit.NANOSECONDS);
    }
    try {
      return follow(reception, startNs, plateau);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StackFailure("interrupted while streams were under way", e);
    } finally {
      channels.close().awaitUninterruptibly(STOP_BOUND_S, TimeUnit.SECONDS);
    }
  }

  /** Ends everything still open. */
  @Override
  public void close() {
    clients.close();
  }

  private Received follow(Reception reception, long startNs, Plateau plateau)
      throws InterruptedException {
    StreamLoad load = reception.load();
    reception.awaitOpened(load.rampup().plus(load.firstToken()).plus(LATENESS_BOUND).toNanos());
    long fromNs = nanoClock.getAsLong();
    long eventsBefore = reception.events();
    long toNs = startNs + load.plateauEndNs();
    if (toNs - fromNs <= 0) {
      reception.awaitEnded(load.length().plus(LATENESS_BOUND).toNanos());
      return reception.asReceived(0, 0);
    }
    plateau.begins();
    sleepUntil(toNs);
    plateau.ends();
    double plateauS = (nanoClock.getAsLong() - fromNs) / NS_PER_S;
    long plateauEvents = reception.events() - eventsBefore;
    reception.awaitEnded(load.length().plus(LATENESS_BOUND).toNanos());
    return reception.asReceived(plateauEvents, plateauS);
  }

  private void sleepUntil(long ns) throws InterruptedException {
    for (long left = ns - nanoClock.getAsLong(); left > 0; left = ns - nanoClock.getAsLong()) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      LockSupport.parkNanos(left);
    }
  }

  private static void open(Bootstrap bootstrap, Reception reception) {
    var unused =
        bootstrap
            .connect()
            .addListener(
                connected -> {
                  if (!connected.isSuccess()) {
                    reception.over(0, false);
                  }
                });
  }
}
