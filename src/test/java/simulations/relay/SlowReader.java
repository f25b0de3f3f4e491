package simulations.relay;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import simulations.run.Audit;
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
  private volatile Optional<End> end = Optional.empty();

  /**
   * @param word whole, reported by an error, silent if tokens are missing without one, or failed
   */
  record End(boolean isHonest, String word, String sentence) {}

  SlowReader(URI adapter, Conversation conversation, TokenPublisher publisher) {
    this.adapter = adapter;
    this.conversation = conversation;
    this.publisher = publisher;
  }

  /** Returns what became of it; empty if it did not begin. */
  Optional<End> end() {
    return end;
  }

  @Override
  public void run() {
    end = Optional.of(silent("The stream neither went on nor ended."));
    end = Optional.of(read());
  }

  private End read() {
    try (RawClient client = new RawClient(adapter, RECEIVE_BUFFER, BOUND_MS)) {
      client.stream("1.0", "/stream/" + conversation.id);
      BufferedReader lines =
          new BufferedReader(new InputStreamReader(client.in(), StandardCharsets.UTF_8));
      String status = lines.readLine();
      if (status == null || !status.contains(" 200 ")) {
        return new End(false, "failed", "The stream was refused: " + status + ".");
      }
      publisher.begin(conversation);
      var unused = Audit.until(PUBLICATION_BOUND, conversation::isOver);
      LockSupport.parkNanos(STALL_NS);
      return read(lines);
    } catch (IOException e) {
      return new End(false, "failed", "The stream broke: " + e.getMessage() + ".");
    }
  }

  private End read(BufferedReader lines) throws IOException {
    String name = "";
    long next = 1;
    String reported = "";
    boolean done = false;
    try {
      for (String line = ""; line != null; line = done ? null : lines.readLine()) {
        if (line.startsWith("event: ")) {
          name = line.substring("event: ".length());
        } else if (line.startsWith("data: ")) {
          byte[] data = line.substring("data: ".length()).getBytes(StandardCharsets.UTF_8);
          TokenEvent event = TokenEvent.of(name, -1, data, data.length, TokenEvent.Form.ORIGINAL);
          if (event.isError()) {
            reported = String.valueOf(event.data().error());
          } else if (event.isToken()) {
            long came = event.data().sequence();
            if (came != next && reported.isEmpty()) {
              return silent(
                  "Token " + came + " came where " + next + " was due, without an error.");
            }
            next = came + 1;
            done = event.data().done();
          }
        }
      }
    } catch (SocketTimeoutException e) {
      return silent("The stream fell silent at token " + next + ".");
    }
    if (!reported.isEmpty()) {
      return new End(true, "reported", "It got the error: " + reported + ".");
    }
    return next > conversation.tokens()
        ? new End(true, "whole", "Every token came.")
        : silent("The stream ended before token " + next + " without a reason.");
  }

  private static End silent(String sentence) {
    return new End(false, "silent", sentence);
  }
}
