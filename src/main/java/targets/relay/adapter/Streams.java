package targets.relay.adapter;

import java.util.Optional;
import targets.relay.adapter.AdapterMetrics.End;
import targets.shared.Clocks;
import targets.shared.Service;
import targets.shared.StreamSlots;
import targets.shared.StreamSlots.Grant;

/** All streams of an adapter: their limit, their tokens and their counters. Thread-safe. */
final class Streams {
  private final AdapterSettings settings;
  private final AdapterMetrics metrics;
  private final AdapterServer.Seam seam;
  private final Service service;
  private final Clocks clocks = Clocks.SYSTEM;
  private final TokenSource tokens;
  private final StreamSlots slots;

  /** Adds everything that runs to the service. */
  Streams(
      AdapterSettings settings, AdapterMetrics metrics, AdapterServer.Seam seam, Service service) {
    this.settings = settings;
    this.metrics = metrics;
    this.seam = seam;
    this.service = service;
    this.tokens = new TokenSource(settings, metrics, clocks, service);
    this.slots = new StreamSlots(settings.maxStreams(), clocks.nano());
    service.drains(
        slots,
        settings.drain(),
        channel -> channel.pipeline().get(ClientConnection.class).cutOff());
  }

  AdapterSettings settings() {
    return settings;
  }

  AdapterMetrics metrics() {
    return metrics;
  }

  AdapterServer.Seam seam() {
    return seam;
  }

  TokenSource tokens() {
    return tokens;
  }

  Clocks clocks() {
    return clocks;
  }

  /** Takes a slot for a stream; returns the reason if there is none. */
  Optional<String> admit() {
    Optional<String> reason = service.unready();
    if (reason.isEmpty() && slots.take() != Grant.TAKEN) {
      reason = Optional.of("all " + settings.maxStreams() + " streams are taken");
    }
    if (reason.isPresent()) {
      metrics.refused.increment();
    } else {
      metrics.total.increment();
    }
    return reason;
  }

  /** Gives the slot of a stream back. */
  void ended(End how, long startNs) {
    metrics.ended(how, clocks.nowNs() - startNs);
    slots.giveBack();
  }
}
