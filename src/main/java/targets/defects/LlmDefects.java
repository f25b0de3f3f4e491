package targets.defects;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;
import java.util.stream.Stream;
import targets.defects.CommonDefects.Requests;
import targets.llm.LlmServer;
import targets.llm.StreamPlan;
import targets.llm.StreamPlan.Ending;
import targets.shared.Json;
import targets.shared.TargetSpec;

/**
 * The defects of the token server: each replaces the plan of a stream when it starts.
 *
 * <p>Except {@code drifting-pace}, which hits every stream, each hits one stream in ten (with a
 * value: one in that many); the server's seed decides which ones.
 */
public final class LlmDefects {
  private static final long SILENCE_NS = TimeUnit.SECONDS.toNanos(2);
  private static final long FOREVER_NS = TimeUnit.DAYS.toNanos(1);
  private static final long MS_NS = TimeUnit.MILLISECONDS.toNanos(1);

  private static final List<AtStep> AT_STEP =
      List.of(
          new AtStep(
              "drop-token",
              (right, lost) -> moved(right, -1, step -> step < lost ? step : step + 1)),
          new AtStep(
              "duplicate-token",
              (right, twice) -> moved(right, 1, step -> step <= twice ? step : step - 1)),
          new AtStep("swap-tokens", LlmDefects::swapping),
          new AtStep(
              "wrong-text", // A word that no seed gives.
              (right, wrong) ->
                  worded(right, step -> step == wrong ? " wrong" : right.token(step))),
          new AtStep("stall", LlmDefects::stalled),
          new AtStep("stop-feed", LlmDefects::stopped),
          new AtStep(
              "early-close", // The body ends properly after half of the tokens.
              (right, step) ->
                  new Wrong(right.tokens() / 2, right::token, right::dueNs, Ending.ABRUPT)));

  /** The defects that no other target has; the pace is so many per cent slower than the plan. */
  static final List<Defect> ALL =
      Stream.concat(
              AT_STEP.stream().map(each -> Defect.counted(each.name, 10, 1, 1_000_000)),
              Stream.of(Defect.counted("drifting-pace", 3, 0, 1_000)))
          .toList();

  public static final TargetSpec SPEC =
      Defects.around(
          LlmServer.SPEC,
          new Requests(
              "POST /v1/chat/completions",
              500,
              Map.of("error", error()),
              List.of("requests", "rejected_requests")),
          ALL,
          (reader, defects, common) -> LlmServer.start(reader, plans(defects), common));

  private LlmDefects() {}

  /** A defect that makes a wrong plan of the right one, at a step in its middle. */
  private record AtStep(String name, BiFunction<StreamPlan, Integer, StreamPlan> plan) {}

  /** A plan with other words, times or another end than the right one. */
  private record Wrong(int tokens, IntFunction<String> words, Times times, Ending ending)
      implements StreamPlan {
    private interface Times {
      long dueNs(int step, long previousNs);
    }

    @Override
    public String token(int step) {
      return words.apply(step);
    }

    @Override
    public long dueNs(int step, long previousNs) {
      return times.dueNs(step, previousNs);
    }
  }

  static LlmServer.Plans plans(Defects defects) {
    return (plan, stream, seed) -> {
      StreamPlan planned = plan;
      for (AtStep defect : AT_STEP) {
        if (defects.hits(defect.name, stream - seed)) {
          int tokens = planned.tokens();
          int step = tokens / 4 + new SplittableRandom(seed + stream).nextInt(tokens / 2 + 1);
          planned = step < tokens ? defect.plan.apply(planned, step) : planned;
        }
      }
      long percent = defects.value("drifting-pace");
      return defects.plant("drifting-pace", planned, right -> drifting(right, percent));
    };
  }

  /** Swaps a step with the one before it, or after it if it is the first. */
  private static StreamPlan swapping(StreamPlan right, int step) {
    int late = Math.min(Math.max(1, step), right.tokens() - 1);
    int early = Math.max(0, late - 1);
    return worded(right, each -> right.token(each == late ? early : each == early ? late : each));
  }

  private static StreamPlan worded(StreamPlan right, IntFunction<String> words) {
    return new Wrong(right.tokens(), words, right::dueNs, right.ending());
  }

  /** Sends so many more tokens, each in place of another step of the right plan. */
  private static StreamPlan moved(StreamPlan right, int more, IntUnaryOperator steps) {
    return new Wrong(
        right.tokens() + more,
        step -> right.token(steps.applyAsInt(step)),
        (step, previousNs) -> right.dueNs(steps.applyAsInt(step), previousNs),
        right.ending());
  }

  /** Is silent before a step; tokens that came due meanwhile follow at once. */
  private static StreamPlan stalled(StreamPlan right, int silent) {
    return timed(
        right,
        (step, previousNs) -> {
          long due = right.dueNs(step, previousNs);
          return step < silent ? due : Math.max(due, right.dueNs(silent, previousNs) + SILENCE_NS);
        });
  }

  /** Sends nothing from a step on, and leaves the stream open. */
  private static StreamPlan stopped(StreamPlan right, int last) {
    return timed(
        right, (step, previousNs) -> step < last ? right.dueNs(step, previousNs) : FOREVER_NS);
  }

  /** Counts due times from the token before, in whole milliseconds. */
  private static StreamPlan drifting(StreamPlan right, long percent) {
    return timed(
        right,
        (step, previousNs) -> {
          if (step == 0) {
            return right.dueNs(0, previousNs);
          }
          long interval = right.dueNs(step, previousNs) - right.dueNs(step - 1, previousNs);
          return previousNs + (interval * (100 + percent) / 100 + MS_NS - 1) / MS_NS * MS_NS;
        });
  }

  private static StreamPlan timed(StreamPlan right, Wrong.Times times) {
    return new Wrong(right.tokens(), right::token, times, right.ending());
  }

  private static ObjectNode error() {
    return Json.MAPPER
        .createObjectNode()
        .put("message", "This error is planted: the server was started with --defect error.")
        .put("type", "server_error")
        .putNull("param")
        .put("code", "planted_error");
  }
}
