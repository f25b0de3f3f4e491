package targets.auction.bid;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Response;

/**
 * One request in the lane. Either the lane sends it or its asker gives it up, never both: so an
 * asker whose time is up knows whether Redis can have got it.
 *
 * @param <T> of the answer's value
 */
final class LaneCall<T> {
  private final Function<Pipeline, Response<T>> send;
  private final CompletableFuture<LaneAnswer<T>> answer = new CompletableFuture<>();
  private final AtomicBoolean taken = new AtomicBoolean();
  private Response<T> response;

  LaneCall(Function<Pipeline, Response<T>> send) {
    this.send = send;
  }

  /** Puts it into a pipeline; false if it was given up. */
  boolean send(Pipeline pipeline) {
    if (!taken.compareAndSet(false, true)) {
      return false;
    }
    response = send.apply(pipeline);
    return true;
  }

  /** Puts it into a pipeline once more, because it did nothing the first time. */
  void sendAgain(Pipeline pipeline) {
    response = send.apply(pipeline);
  }

  /** Takes the answer that the pipeline has by now; throws what Redis complains about. */
  void take() {
    answer.complete(new LaneAnswer.Value<>(response.get()));
  }

  /** It was not done. */
  void notDone(String reason) {
    answer.complete(LaneAnswer.away(reason));
  }

  /** It was sent, and the answer got lost. */
  void lost(String reason) {
    answer.complete(new LaneAnswer.Unsure<>(reason));
  }

  /** Waits for the answer. */
  LaneAnswer<T> await(long boundNs) {
    try {
      return answer.get(boundNs, TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      return givenUp("Redis did not answer in " + TimeUnit.NANOSECONDS.toMillis(boundNs) + " ms");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return givenUp("the service is stopping");
    } catch (ExecutionException e) {
      throw new IllegalStateException("nobody completes it so", e);
    }
  }

  private LaneAnswer<T> givenUp(String reason) {
    return taken.compareAndSet(false, true)
        ? LaneAnswer.away(reason)
        : new LaneAnswer.Unsure<>(reason);
  }
}
