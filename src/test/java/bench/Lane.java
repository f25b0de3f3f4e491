package bench;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import stack.TargetProcess;

/**
 * One way to receivers through a target or a peer.
 *
 * @param target its main process, if it is a bundled target
 * @param sender publishes messages; unused where receivers send requests
 * @param end opens the receivers of a load
 */
record Lane(
    String name,
    Plan.Kind kind,
    Map<String, Long> pids,
    Optional<TargetProcess> target,
    Sender sender,
    Function<Arrivals, Receivers> end) {

  interface Sender {
    Sender NONE = (load, first, count) -> {};

    /**
     * Publishes messages of a load.
     *
     * @param first index of the first; negative for one that only shows who is connected
     */
    void send(Arrivals load, int first, int count) throws IOException, InterruptedException;
  }

  /** Returns the resident memory of its main process, in bytes. */
  long rssBytes() {
    String server = target.map(TargetProcess::name).orElse(name);
    return Meter.rssBytes(server, pids.get(server));
  }
}
