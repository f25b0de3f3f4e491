package bench.relay;

import java.util.List;

/**
 * One lane.
 *
 * @param kind which
 * @param versions of what carried the tokens
 * @param steps as they were taken
 * @param found its knee
 */
record LaneResult(LaneKind kind, List<String> versions, List<Step> steps, RateSearch.Found found) {
  /** The step at a rate that decided: the last one. */
  Step decisive(int rate) {
    return steps.stream().filter(step -> step.rate() == rate).reduce((a, b) -> b).orElseThrow();
  }
}
