package simulations.run;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The share of one of several generators in a load. Of everything that has an index, from 0,
 * generator i of n has i, i + n, i + 2 n and so on; so each user keeps its name and its seed,
 * whichever generator it belongs to.
 *
 * @param index from 0
 */
public record Shard(int index, int count) {
  /** The only generator of a load. */
  public static final Shard WHOLE = new Shard(0, 1);

  /** Stands for the index of this pod in a Kubernetes Indexed Job. */
  static final String JOB = "job";

  private static final Pattern FORM = Pattern.compile("(\\d{1,3}|" + JOB + ")/(\\d{1,3})");

  /** The moment at which all generators begin to measure. */
  public record Start(Instant at) {
    static Start parse(String text) {
      try {
        return new Start(Instant.parse(text));
      } catch (DateTimeParseException e) {
        throw new IllegalArgumentException(
            "'" + text + "' is no moment; write for example 2026-11-28T20:15:00Z", e);
      }
    }
  }

  static Shard parse(String text) {
    Matcher form = FORM.matcher(text);
    if (form.matches() && form.group(1).equals(JOB)) {
      throw new IllegalArgumentException(
          "'" + text + "' needs the variable JOB_COMPLETION_INDEX of a Kubernetes Indexed Job");
    }
    if (form.matches() && Integer.parseInt(form.group(1)) < Integer.parseInt(form.group(2))) {
      return new Shard(Integer.parseInt(form.group(1)), Integer.parseInt(form.group(2)));
    }
    throw new IllegalArgumentException(
        "'" + text + "' is no share; four generators are 0/4, 1/4, 2/4 and 3/4");
  }

  /** Returns true if there are other generators. */
  public boolean isPart() {
    return count > 1;
  }

  /** Returns the end of the name of its run folder; empty if it is the only one. */
  String mark() {
    return isPart() ? ".shard-" + index + "-of-" + count : "";
  }

  /** Returns how many of so many belong to this generator. */
  public int of(int all) {
    return (all - index + count - 1) / count;
  }

  /** Returns the index among all of one of its own, both from 0. */
  public int at(int own) {
    return index + own * count;
  }

  @Override
  public String toString() {
    return index + "/" + count;
  }
}
