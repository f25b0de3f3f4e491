package simulations.auction;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.Message;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.PushSubscribeOptions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import stack.StackFailure;

/**
 * Publishes the events of a bundled auction to a peer in the broadcast service's place: all of
 * them, in their order, one after the other, again until the peer has taken them. Its requests are
 * the only work that the generator has for the peer.
 */
final class PeerFeed implements AutoCloseable {
  private static final long RETRY_NS = 100_000_000;
  private static final int TRIES = 100;
  private static final int SUCCESS_MAX = 299;
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final HttpClient http = HttpClient.newHttpClient();
  private final URI publish;
  private final Connection nats;
  private volatile boolean closed;

  /** Begins with the first event; throws a StackFailure if the events cannot be had. */
  PeerFeed(String natsUrl, URI peer) {
    publish = peer.resolve("/publish/");
    try {
      nats = Nats.connect(Options.builder().server(natsUrl).maxReconnects(-1).build());
    } catch (IOException | InterruptedException e) {
      throw new StackFailure("NATS is needed for the events of the auction: " + e.getMessage(), e);
    }
    subscribe();
  }

  /** The bid service makes the stream, a moment after it is ready. */
  private void subscribe() {
    PushSubscribeOptions ordered =
        PushSubscribeOptions.builder().stream(AuctionStores.STORE).ordered(true).build();
    Exception last = null;
    for (int tries = 0; tries < TRIES; tries++) {
      try {
        nats.jetStream()
            .subscribe(
                AuctionStores.SUBJECT + ">", nats.createDispatcher(), this::pass, false, ordered);
        return;
      } catch (IOException | JetStreamApiException | IllegalStateException e) {
        last = e;
        LockSupport.parkNanos(RETRY_NS);
      }
    }
    close();
    throw new StackFailure("the events of the auction cannot be read: " + last.getMessage(), last);
  }

  private void pass(Message event) {
    String item = event.getSubject().substring(AuctionStores.SUBJECT.length());
    HttpRequest request =
        HttpRequest.newBuilder(publish.resolve(item))
            .timeout(TIMEOUT)
            .POST(HttpRequest.BodyPublishers.ofByteArray(event.getData()))
            .build();
    while (!closed && !isTaken(request)) {
      LockSupport.parkNanos(RETRY_NS);
    }
  }

  private boolean isTaken(HttpRequest request) {
    try {
      int status = http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
      return status <= SUCCESS_MAX;
    } catch (IOException e) {
      return false; // The peer is away; its events wait.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      closed = true; // Or the next try would be interrupted at once, and the one after it.
      return false;
    }
  }

  @Override
  public void close() {
    closed = true;
    try {
      nats.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
