package simulations.relay;

import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import simulations.run.Audit;
import simulations.run.SseDecoder;
import testing.RawClient;

/**
 * A reader that reads nothing while its whole conversation is published, more than all buffers on
 * the way hold, and then reads on. It must get every token, or an error that explains the loss. A
 * socket of its own, for Gatling cannot stop reading.
 */
final class SlowReader implements Runnable {
  private static final int RECEIVE_BUFFER = 4096;
  private static final int BOUND_MS = 10_000;
  private static final Duration PUBLICATION_BOUND = Duration.ofSeconds(20);
  private static final long STALL_NS = 500_000_000;

  private final URI adapter;
  private final Conversation conversation;
  private final TokenPublisher publisher;
  private long next = 1;

  /** A token that came in another one's place; 0 for none. */
  private long stray;

  private String reported = "";

  /** What became of it; empty if it did not begin. */
  volatile Optional<End> end = Optional.empty();

  /**
   * @param word whole, reported by an error, silent if tokens are missing without one, or failed
   */
  record End(boolean isHonest, String word, String sentence) {}

  SlowReader(URI adapter, Conversation conversation, TokenPublisher publisher) {
    this.adapter = adapter;
    this.conversation = conversation;
    this.publisher = publisher;
  }

  @Override
  public void run() {
    end = Optional.of(silent("The stream neither went on nor ended."));
    end = Optional.of(read());
  }

  private End read() {
    try (RawClient client = new RawClient(adapter, RECEIVE_BUFFER, BOUND_MS)) {
      String head = client.stream("1.0", "/stream/" + conversation.id).head();
      String status = head.lines().findFirst().orElse("");
      if (!status.contains(" 200 ")) {
        return new End(false, "failed", "The stream was refused: " + status + ".");
      }
      publisher.begin(conversation);
      var unused = Audit.until(PUBLICATION_BOUND, conversation::isOver);
      LockSupport.parkNanos(STALL_NS);
      return read(client.in());
    } catch (IOException e) {
      return new End(false, "failed", "The stream broke: " + e.getMessage() + ".");
    }
  }

  private End read(InputStream in) throws IOException {
    SseDecoder decoder = new SseDecoder(this::onEvent);
    byte[] bytes = new byte[RECEIVE_BUFFER];
    try {
      int count = 0;
      while (count >= 0 && !decoder.feed(Unpooled.wrappedBuffer(bytes, 0, count))) {
        count = in.read(bytes);
      }
    } catch (SocketTimeoutException e) {
      return silent("The stream fell silent at token " + next + ".");
    }
    if (stray > 0) {
      return silent("Token " + stray + " came where " + next + " was due, without an error.");
    } else if (!reported.isEmpty()) {
      return new End(true, "reported", "It got the error: " + reported + ".");
    }
    return next > conversation.tokens()
        ? new End(true, "whole", "Every token came.")
        : silent("The stream ended before token " + next + " without a reason.");
  }

  private boolean onEvent(String name, long id, byte[] data, int length) {
    TokenEvent event = TokenEvent.of(name, id, data, length, TokenEvent.Form.ORIGINAL);
    if (event.isError()) {
      reported = String.valueOf(event.error());
    } else if (event.isToken() && event.sequence() != next && reported.isEmpty()) {
      stray = event.sequence();
    } else if (event.isToken()) {
      next = event.sequence() + 1;
      return event.done();
    }
    return stray > 0;
  }

  private static End silent(String sentence) {
    return new End(false, "silent", sentence);
  }
}
