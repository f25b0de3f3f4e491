package targets.relay.adapter;

import java.util.Optional;
import targets.relay.adapter.AdapterMetrics.End;
import targets.shared.Clocks;
import targets.shared.Service;
import targets.shared.StreamSlots;
import targets.shared.StreamSlots.Grant;

/** All streams of an adapter: their limit, their tokens and their counters. Thread-safe. */
record Streams(
    AdapterSettings settings,
    AdapterMetrics metrics,
    AdapterServer.Seam seam,
    Service service,
    TokenSource tokens,
    StreamSlots slots,
    Clocks clocks) {
  /** Adds everything that runs to the service. */
  static Streams in(
      Service service, AdapterSettings settings, AdapterMetrics metrics, AdapterServer.Seam seam) {
    Clocks clocks = Clocks.SYSTEM;
    TokenSource tokens = new TokenSource(settings, metrics, clocks, service);
    StreamSlots slots = new StreamSlots(settings.maxStreams(), clocks.nano());
    service.drains(
        slots,
        settings.drain(),
        channel -> channel.pipeline().get(ClientConnection.class).cutOff());
    return new Streams(settings, metrics, seam, service, tokens, slots, clocks);
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
