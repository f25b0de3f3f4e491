package targets.defects;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import targets.defects.CommonDefects.Requests;
import targets.llm.LlmServer;
import targets.llm.StreamPlan;
import targets.shared.Json;
import targets.shared.TargetSpec;

/**
 * The defects of the token server: each replaces the plan of a stream when it starts.
 *
 * <p>Except {@code drifting-pace}, which hits every stream, each hits one stream in ten (with a
 * value: one in that many); the server's seed decides which ones.
 */
public final class LlmDefects {
  private static final List<String> AT_STEP =
      List.of(
          "drop-token",
          "duplicate-token",
          "swap-tokens",
          "wrong-text",
          "stall",
          "stop-feed",
          "early-close");

  /** The defects that no other target has; the pace is so many per cent slower than the plan. */
  static final String ALL =
      AT_STEP.stream().map(name -> name + "[=10] in 1..1000000, ").collect(Collectors.joining())
          + "drifting-pace[=3] in 0..1000";

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

  static LlmServer.Plans plans(Defects defects) {
    return (right, stream, seed) -> {
      List<String> hits =
          AT_STEP.stream().filter(name -> defects.hits(name, stream - seed)).toList();
      if (hits.isEmpty() && !defects.has("drifting-pace")) {
        return right;
      }
      Wrong plan = new Wrong(right, defects);
      for (String name : hits) {
        int tokens = plan.tokens();
        int step = tokens / 4 + new SplittableRandom(seed + stream).nextInt(tokens / 2 + 1);
        if (step < tokens) {
          plan.change(name, step);
        }
      }
      return plan;
    };
  }

  /** The right plan with other words, times or another end. */
  private static final class Wrong implements StreamPlan {
    private static final long SILENCE_NS = TimeUnit.SECONDS.toNanos(2);
    private static final long FOREVER_NS = TimeUnit.DAYS.toNanos(1);
    private static final long MS_NS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int NO_WORD = -1;

    private final StreamPlan right;
    private final Defects defects;

    /** The steps of the right plan whose words are sent, and those at whose times it happens. */
    private final List<Integer> words;

    private final List<Integer> times;
    private Ending ending;
    private int silent = Integer.MAX_VALUE;
    private int end = Integer.MAX_VALUE;

    Wrong(StreamPlan right, Defects defects) {
      this.right = right;
      this.defects = defects;
      this.ending = right.ending();
      this.words = new ArrayList<>(IntStream.range(0, right.tokens()).boxed().toList());
      this.times = new ArrayList<>(IntStream.rangeClosed(0, right.tokens()).boxed().toList());
    }

    void change(String defect, int step) {
      switch (defect) {
        case "drop-token" -> {
          words.remove(step);
          times.remove(step);
        }
        case "duplicate-token" -> {
          words.add(step, words.get(step));
          times.add(step, times.get(step));
        }
        case "swap-tokens" -> {
          int late = Math.min(Math.max(1, step), tokens() - 1);
          Collections.swap(words, late, Math.max(0, late - 1));
        }
        case "wrong-text" -> words.set(step, NO_WORD);
        case "stall" -> silent = step;
        case "stop-feed" -> end = step;
        default -> { // early-close: the body ends properly after half of the tokens.
          words.subList(tokens() / 2, tokens()).clear();
          ending = Ending.ABRUPT;
        }
      }
    }

    @Override
    public int tokens() {
      return words.size();
    }

    @Override
    public String token(int step) {
      int word = words.get(step);
      return word == NO_WORD ? " wrong" : right.token(word); // No seed gives this word.
    }

    /** With {@code drifting-pace} from the token before, in whole milliseconds. */
    @Override
    public long dueNs(int step, long previousNs) {
      long due = plannedNs(step, previousNs);
      if (step == 0 || !defects.has("drifting-pace")) {
        return due;
      }
      long percent = 100 + defects.value("drifting-pace");
      long interval = (due - plannedNs(step - 1, previousNs)) * percent / 100;
      return previousNs + (interval + MS_NS - 1) / MS_NS * MS_NS;
    }

    @Override
    public Ending ending() {
      return ending;
    }

    /** Tokens that came due while the stream stalled follow at once. */
    private long plannedNs(int step, long previousNs) {
      if (step >= end) {
        return FOREVER_NS;
      }
      long due = right.dueNs(times.get(step), previousNs);
      return step < silent
          ? due
          : Math.max(due, right.dueNs(times.get(silent), previousNs) + SILENCE_NS);
    }
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
