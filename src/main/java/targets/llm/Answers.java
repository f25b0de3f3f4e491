package targets.llm;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import targets.shared.Clocks;
import targets.shared.StreamSlots;
import targets.shared.StreamSlots.Grant;

/** Gives each accepted chat its place, its plan and its identity. Thread-safe. */
final class Answers {
  private final LlmSettings settings;
  private final LlmMetrics metrics;
  private final Clocks clocks;
  private final LlmServer.Plans plans;
  private final StreamSlots slots;
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

  /** Returns the places for answers under way. */
  StreamSlots slots() {
    return slots;
  }

  /** Returns what answers count. */
  LlmMetrics metrics() {
    return metrics;
  }

  /** Returns how long a client may make no room for further tokens. */
  long stallNs() {
    return settings.stallBound().toNanos();
  }

  /** Returns a place for an answer, if one is free. */
  Optional<Place> enter() {
    if (slots.take() != Grant.TAKEN) {
      return Optional.empty();
    }
    metrics.started.increment();
    return Optional.of(new Place(numbers.getAndIncrement()));
  }

  /** One answer's place; given back once, however the answer ends. Used by one thread. */
  final class Place {
    private final long number;
    private boolean left;

    private Place(long number) {
      this.number = number;
    }

    /** Returns the plan of a stream. */
    StreamPlan streamed(ChatRequest request) {
      return plans.of(PacedPlan.of(request, number), number, settings.seed());
    }

    /** Returns the plan of an answer that is not streamed. */
    StreamPlan whole(ChatRequest request) {
      return PacedPlan.of(request, number);
    }

    /** Returns the answer's JSON. */
    Completion completion(String model) {
      long createdS = clocks.wall().instant().getEpochSecond();
      return new Completion("chatcmpl-" + serial + "-" + number, createdS, model);
    }

    /** Ends an answer that was handed whole to the socket. */
    void complete(long events) {
      if (!left) {
        metrics.eventsCompleted.add(events);
        metrics.completed.increment();
        leave();
      }
    }

    /** Ends an answer that is not whole. */
    void abort() {
      if (!left) {
        metrics.aborted.increment();
        leave();
      }
    }

    private void leave() {
      left = true;
      slots.giveBack();
    }
  }
}
