package targets.llm;

import java.time.InstantSource;
import java.util.function.BooleanSupplier;
import targets.shared.Troubles;

/**
 * What all connections of one server share. Thread-safe.
 *
 * @param settings the server's
 * @param routes what each request gets
 * @param admission the places
 * @param metrics the counters
 * @param troubles told about each chat that is about to be answered
 * @param wall tells the time of day
 * @param serial makes ids differ from those of the server's earlier lives
 * @param stopping true from the moment when no new work is taken
 */
record Workshop(
    LlmSettings settings,
    Routes routes,
    Admission admission,
    LlmMetrics metrics,
    Troubles troubles,
    InstantSource wall,
    long serial,
    BooleanSupplier stopping) {
  /** The JSON of a new answer. */
  Completion completion(String model, long number) {
    long createdS = wall.instant().getEpochSecond();
    return new Completion("chatcmpl-" + serial + "-" + number, createdS, model);
  }
}
