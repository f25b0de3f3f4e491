package targets.defects;

import java.util.List;
import java.util.function.BiPredicate;

/**
 * How one target answers a request that the defect {@code error} hits, and which requests are work:
 * leaks count the same ones.
 *
 * @param isWork true for method and path of a request that the target works for
 * @param status of the answer
 * @param body JSON of the answer, as maps and plain values
 * @param counted names of the counters that such an answer increments
 */
public record PlantedError(
    BiPredicate<String, String> isWork, int status, Object body, List<String> counted) {
  /** For targets that answer nothing but pages. */
  public static final PlantedError NONE =
      new PlantedError((method, path) -> false, 500, "", List.of());
}
