package bench.relay;

import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.Message;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import stack.StackFailure;

/** The smallest subscriber of all token subjects of a NATS: one connection, one dispatcher. */
final class NatsEar implements Ear {
  private static final String SUBJECT_HEAD = "chat.";
  private static final String SUBJECT_TAIL = ".tokens";
  private static final Duration BOUND = Duration.ofSeconds(10);

  /** What the client keeps before it drops; more than a step of most rates has. */
  private static final long PENDING_MESSAGES_MAX = 1_000_000;

  private static final long PENDING_BYTES_MAX = 256L << 20;

  private final Connection connection;

  private NatsEar(Connection connection) {
    this.connection = connection;
  }

  static Opening of(URI nats, LongSupplier nanoClock) {
    return (load, arrivals) -> open(nats, nanoClock, load, arrivals);
  }

  private static NatsEar open(URI nats, LongSupplier nanoClock, StepLoad load, Arrivals arrivals) {
    Options options =
        new Options.Builder()
            .server(nats.toString())
            .connectionTimeout(BOUND)
            .noReconnect()
            .build();
    try {
      Connection connection = Nats.connect(options);
      Dispatcher dispatcher =
          connection.createDispatcher(message -> hear(message, nanoClock, load, arrivals));
      dispatcher.setPendingLimits(PENDING_MESSAGES_MAX, PENDING_BYTES_MAX);
      dispatcher.subscribe(SUBJECT_HEAD + "*" + SUBJECT_TAIL);
      connection.flush(BOUND);
      return new NatsEar(connection);
    } catch (IOException | TimeoutException e) {
      throw new StackFailure("cannot subscribe at " + nats + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StackFailure("interrupted while subscribing at " + nats, e);
    }
  }

  private static void hear(
      Message message, LongSupplier nanoClock, StepLoad load, Arrivals arrivals) {
    long nowNs = nanoClock.getAsLong();
    String subject = message.getSubject();
    String id = subject.substring(SUBJECT_HEAD.length(), subject.length() - SUBJECT_TAIL.length());
    arrivals.take(load.streamOf(id), TokenText.sequence(message.getData()), nowNs);
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
