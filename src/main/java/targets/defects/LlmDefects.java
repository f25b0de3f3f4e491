package targets.defects;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BiFunction;
import targets.defects.DefectivePlan.Drifting;
import targets.defects.DefectivePlan.Shortened;
import targets.defects.DefectivePlan.Stalled;
import targets.defects.DefectivePlan.WithOrder;
import targets.defects.DefectivePlan.WrongText;
import targets.llm.LlmServer;
import targets.llm.StreamPlan;
import targets.shared.TargetSpec;

/**
 * The defects of the token server: each wraps the plan of a stream when it starts.
 *
 * <p>Except {@value #DRIFTING_PACE}, which hits every stream, each hits one stream in {@value
 * #EVERY} (with a value: one in that many); the server's seed decides which ones.
 */
public final class LlmDefects {
  private static final String DRIFTING_PACE = "drifting-pace";
  private static final int EVERY = 10;
  private static final int EVERY_MAX = 1_000_000;
  private static final int DRIFT_PERCENT = 3;
  private static final int DRIFT_PERCENT_MAX = 1_000;

  /** Wraps a plan at a step, by defect, in the order of the help. */
  private static final Map<String, BiFunction<StreamPlan, Integer, StreamPlan>> AT_STEP = atStep();

  private static final PlantedError ERROR =
      new PlantedError(
          (method, path) -> method.equals("POST") && path.equals("/v1/chat/completions"),
          500,
          error(),
          List.of("requests", "rejected_requests"));

  /** The token server with the option {@code --defect}. */
  public static final TargetSpec SPEC =
      Defects.around(
          LlmServer.SPEC,
          names(),
          (reader, defects) -> LlmServer.start(reader, plans(defects), defects.troubles(ERROR)));

  private LlmDefects() {}

  /** Returns every name that no other target has. */
  static List<String> names() {
    List<String> names = new ArrayList<>(AT_STEP.keySet());
    names.add(DRIFTING_PACE);
    return names;
  }

  /** Returns the plans with what is switched on. */
  static LlmServer.Plans plans(Defects defects) {
    LlmServer.Plans plans = LlmServer.Plans.HONEST;
    for (var defect : AT_STEP.entrySet()) {
      if (defects.has(defect.getKey())) {
        int every = defects.number(defect.getKey(), EVERY, 1, EVERY_MAX);
        plans = hit(plans, every, defect.getValue());
      }
    }
    if (defects.has(DRIFTING_PACE)) {
      int percent = defects.number(DRIFTING_PACE, DRIFT_PERCENT, 0, DRIFT_PERCENT_MAX);
      LlmServer.Plans right = plans;
      plans = (plan, stream, seed) -> new Drifting(right.of(plan, stream, seed), percent);
    }
    return plans;
  }

  private static LlmServer.Plans hit(
      LlmServer.Plans right, int every, BiFunction<StreamPlan, Integer, StreamPlan> wrap) {
    return (honest, stream, seed) -> {
      StreamPlan plan = right.of(honest, stream, seed);
      if (Math.floorMod(stream - seed, (long) every) != 0) {
        return plan;
      }
      int tokens = plan.tokens();
      int middle = tokens / 4 + new SplittableRandom(seed + stream).nextInt(tokens / 2 + 1);
      return middle < tokens ? wrap.apply(plan, middle) : plan;
    };
  }

  private static Map<String, BiFunction<StreamPlan, Integer, StreamPlan>> atStep() {
    Map<String, BiFunction<StreamPlan, Integer, StreamPlan>> wraps = new LinkedHashMap<>();
    // One token in the middle is never sent.
    wraps.put("drop-token", WithOrder::dropping);
    // One token in the middle is sent twice.
    wraps.put("duplicate-token", WithOrder::repeating);
    // Two neighbours in the middle are sent in the wrong order.
    wraps.put("swap-tokens", WithOrder::swapping);
    // One token in the middle is a word that no seed gives.
    wraps.put("wrong-text", WrongText::new);
    // Two seconds of silence in the middle, then everything that is due by then.
    wraps.put("stall", Stalled::new);
    // The body ends properly after half of the tokens, without finish chunk and [DONE].
    wraps.put("early-close", (plan, middle) -> new Shortened(plan, plan.tokens() / 2));
    return wraps;
  }

  private static Map<String, Object> error() {
    Map<String, Object> error = new LinkedHashMap<>();
    error.put("message", "This error is planted: the server was started with --defect error.");
    error.put("type", "server_error");
    error.put("param", null);
    error.put("code", "planted_error");
    return Map.of("error", error);
  }
}
