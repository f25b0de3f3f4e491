package targets.llm;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import targets.shared.Clocks;
import targets.shared.StreamSlots;
import targets.shared.StreamSlots.Grant;

/** The places for answers under way. Thread-safe. */
final class Answers {
  private final LlmSettings settings;
  final LlmMetrics metrics;
  private final Clocks clocks;
  private final LlmServer.Plans plans;
  final StreamSlots slots;
  private final long serial;
  private final AtomicLong numbers = new AtomicLong();

  Answers(LlmSettings settings, LlmMetrics metrics, Clocks clocks, LlmServer.Plans plans) {
    this.settings = settings;
    this.metrics = metrics;
    this.clocks = clocks;
    this.plans = plans;
    slots = new StreamSlots(settings.maxStreams(), clocks.nano());
    // Makes ids differ from those of the server's earlier lives.
    serial = clocks.wall().millis();
  }

  /** Returns a place for the answer to a request, if one is free. */
  Optional<Place> enter(ChatRequest request) {
    if (slots.take() != Grant.TAKEN) {
      return Optional.empty();
    }
    metrics.started.increment();
    return Optional.of(new Place(request, numbers.getAndIncrement()));
  }

  /** One answer's place; given back once, however the answer ends. Used by one thread. */
  final class Place {
    final ChatRequest request;
    private final long number;
    private boolean left;

    private Place(ChatRequest request, long number) {
      this.request = request;
      this.number = number;
    }

    LlmMetrics metrics() {
      return metrics;
    }

    /** Returns how long a client may make no room for further tokens. */
    long stallNs() {
      return settings.clientStall().toNanos();
    }

    StreamPlan plan() {
      StreamPlan plan = new PacedPlan(request, number);
      return request.delivery() == ChatRequest.Delivery.WHOLE
          ? plan
          : plans.of(plan, number, settings.seed());
    }

    Completion completion() {
      long createdS = clocks.wall().instant().getEpochSecond();
      return new Completion("chatcmpl-" + serial + "-" + number, createdS, request.model());
    }

    Completion.Usage usage(int tokens) {
      return new Completion.Usage(request.promptTokens(), tokens);
    }

    /** Leaves after an answer that was handed whole to the socket. */
    void complete(long events) {
      if (!left) {
        metrics.eventsCompleted.add(events);
        leave(metrics.completed);
      }
    }

    /** Leaves after an answer that is not whole. */
    void abort() {
      leave(metrics.aborted);
    }

    private void leave(LongAdder outcome) {
      if (!left) {
        left = true;
        outcome.increment();
        slots.giveBack();
      }
    }
  }
}
