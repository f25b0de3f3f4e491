package targets.llm;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.BiFunction;
import settings.SettingsReader;
import targets.llm.DefectivePlan.Drifting;
import targets.llm.DefectivePlan.Shortened;
import targets.llm.DefectivePlan.Stalled;
import targets.llm.DefectivePlan.WithOrder;
import targets.llm.DefectivePlan.WrongText;
import targets.shared.Defects;
import targets.shared.TroublePlan;

/**
 * The mistakes that can be planted in the streams, each a wrapper around a right plan, chosen when
 * a stream starts: a server without defects never runs a line of them. Immutable.
 *
 * <p>Except {@value #DRIFTING_PACE}, which hits every stream, each hits one stream in {@value
 * #EVERY} (with a value: one in that many), which ones being a function of the server's seed. The
 * troubles that every target can have are beside them and hit no plan.
 */
final class LlmDefects {
  /** One token in the middle is never sent. */
  static final String DROP_TOKEN = "drop-token";

  /** One token in the middle is sent twice. */
  static final String DUPLICATE_TOKEN = "duplicate-token";

  /** Two neighbours in the middle are sent in the wrong order. */
  static final String SWAP_TOKENS = "swap-tokens";

  /** One token in the middle is a word that no seed gives. */
  static final String WRONG_TEXT = "wrong-text";

  /** Two seconds of silence in the middle, then everything that is due by then. */
  static final String STALL = "stall";

  /** The body ends properly after half of the tokens, without finish chunk and {@code [DONE]}. */
  static final String EARLY_CLOSE = "early-close";

  /**
   * Each token is due an interval after the one before was sent, rounded up to a whole millisecond,
   * as a loop that sleeps would have it; the value makes intervals longer by so many percent.
   */
  static final String DRIFTING_PACE = "drifting-pace";

  /** Every name that no other target has. */
  static final Set<String> NAMES =
      Collections.unmodifiableSet(
          new LinkedHashSet<>(
              List.of(
                  DROP_TOKEN,
                  DUPLICATE_TOKEN,
                  SWAP_TOKENS,
                  WRONG_TEXT,
                  STALL,
                  EARLY_CLOSE,
                  DRIFTING_PACE)));

  private static final int EVERY = 10;
  private static final int EVERY_MAX = 1_000_000;
  private static final int DRIFT_PERCENT = 3;
  private static final int DRIFT_PERCENT_MAX = 1_000;

  private final List<Mistake> mistakes;
  private final TroublePlan troubles;

  private LlmDefects(List<Mistake> mistakes, TroublePlan troubles) {
    this.mistakes = List.copyOf(mistakes);
    this.troubles = troubles;
  }

  /**
   * Reads what is switched on.
   *
   * @param reader takes the errors
   * @param path the setting to read
   * @param seed chooses the streams and the tokens that are hit
   */
  static LlmDefects read(SettingsReader reader, String path, long seed) {
    Defects defects = Defects.read(reader, path, NAMES);
    List<Mistake> mistakes = new ArrayList<>();
    for (String name : NAMES) {
      if (!defects.has(name)) {
        continue;
      }
      boolean drifts = name.equals(DRIFTING_PACE);
      int fallback = drifts ? DRIFT_PERCENT : EVERY;
      int min = drifts ? 0 : 1;
      int max = drifts ? DRIFT_PERCENT_MAX : EVERY_MAX;
      String text = defects.value(name).orElse(Integer.toString(fallback));
      int value = text.matches("\\d{1,7}") ? Integer.parseInt(text) : -1;
      if (value < min || value > max) {
        String range = "' is not a whole number from " + min + " to " + max;
        reader.error(path, name + ": '" + text + range);
        continue;
      }
      mistakes.add(drifts ? drift(value) : new Mistake(value, seed, mistakeIn(name)));
    }
    return new LlmDefects(mistakes, defects.troubles());
  }

  /**
   * The plan that a stream follows.
   *
   * @param right the plan without a mistake; returned as it is when the stream is not hit
   * @param stream the stream's number, from 0
   */
  StreamPlan plan(StreamPlan right, long stream) {
    StreamPlan plan = right;
    for (Mistake mistake : mistakes) {
      plan = mistake.in(plan, stream);
    }
    return plan;
  }

  /** What is switched on of the troubles that every target can have. */
  TroublePlan troubles() {
    return troubles;
  }

  private static Mistake drift(int percent) {
    return new Mistake(1, 0, (plan, middle) -> new Drifting(plan, percent));
  }

  private static BiFunction<StreamPlan, Integer, StreamPlan> mistakeIn(String name) {
    return switch (name) {
      case DROP_TOKEN -> WithOrder::dropping;
      case DUPLICATE_TOKEN -> WithOrder::repeating;
      case SWAP_TOKENS -> WithOrder::swapping;
      case WRONG_TEXT -> WrongText::new;
      case STALL -> Stalled::new;
      case EARLY_CLOSE -> (plan, middle) -> new Shortened(plan, plan.tokens() / 2);
      default -> throw new IllegalArgumentException(name);
    };
  }

  /**
   * One mistake.
   *
   * @param every how many streams there are to one that is hit
   * @param seed which of them, and which token
   * @param wrap puts it into a plan, at the step given
   */
  private record Mistake(int every, long seed, BiFunction<StreamPlan, Integer, StreamPlan> wrap) {
    StreamPlan in(StreamPlan plan, long stream) {
      if (Math.floorMod(stream - seed, (long) every) != 0) {
        return plan;
      }
      int tokens = plan.tokens();
      int middle = tokens / 4 + new SplittableRandom(seed + stream).nextInt(tokens / 2 + 1);
      return middle < tokens ? wrap.apply(plan, middle) : plan;
    }
  }
}
