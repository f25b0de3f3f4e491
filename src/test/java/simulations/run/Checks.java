package simulations.run;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import kpi.SharedCounters;
import verdict.Check;
import verdict.Check.Kind;
import verdict.Check.Outcome;
import verdict.Generators;
import verdict.Numbers;

/**
 * The checks of one run, each declared once: its name, the evidence that it rests on, its
 * judgement. A check that this run cannot have is not evaluated, with the reason; one whose
 * evidence could not be read is INCONCLUSIVE. Used by one thread.
 */
public final class Checks {
  /** Why nothing is known of broadcasts in a run without viewers. */
  public static final String NO_VIEWERS = "There are no viewers (-Dviewers, -Dws-url).";

  /** So many readers for one that received nothing show that the feed is for all. */
  private static final int OTHERS_MIN = 9;

  private static final String UNREADABLE = "What it rests on could not be read: ";

  /** The reason of a check of tokens that have texts alone to know them by. */
  public static final String NO_TEXT =
      "The text of the tokens is not known; -Dverify=yes checks it.";

  private static final String CUT = "The run was cut, so this is not known. Until then: ";

  private final List<Check> made;
  private final boolean cut;
  private final Optional<String> leftOut;
  private final Map<String, SharedCounters> shared;
  private final Map<String, Long> counters;

  /**
   * No checks yet.
   *
   * @param counters of the measured phase, by name; one that is not there never counted
   * @param cut whether the run was cut: what was under way is then neither lost nor kept, so an
   *     invariant that does not hold is INCONCLUSIVE
   */
  public Checks(Map<String, Long> counters, boolean cut) {
    this(counters, cut, new ArrayList<>(), Optional.empty(), new TreeMap<>());
  }

  private Checks(
      Map<String, Long> counters,
      boolean cut,
      List<Check> made,
      Optional<String> leftOut,
      Map<String, SharedCounters> shared) {
    this.counters = counters;
    this.cut = cut;
    this.made = made;
    this.leftOut = leftOut;
    this.shared = shared;
  }

  /** Returns these checks for declarations that are INCONCLUSIVE if evidence was left out. */
  public Checks restingOn(Optional<String> evidenceLeftOut) {
    return new Checks(counters, cut, made, evidenceLeftOut, shared);
  }

  /** What a judgement found, with the words of a {@link Check}. */
  public record Finding(Outcome outcome, String figure, String limit, String reason) {
    /** Returns PASS with the reason {@code good}, or FAIL with the reason {@code bad}. */
    public static Finding of(boolean holds, String figure, String limit, String good, String bad) {
      return new Finding(holds ? Outcome.PASS : Outcome.FAIL, figure, limit, holds ? good : bad);
    }

    /** Returns the same finding, INCONCLUSIVE for a reason unless there is evidence of it. */
    public Finding onlyIf(boolean evidence, String otherwise) {
      return evidence ? this : inconclusive(otherwise);
    }

    /** Returns the same finding without enough evidence. */
    public Finding inconclusive(String why) {
      return new Finding(Outcome.INCONCLUSIVE, figure, limit, why);
    }
  }

  /** Judges the evidence of a check. */
  public interface Judgement {
    /**
     * Returns what the evidence shows.
     *
     * @throws IOException if the evidence cannot be read: then the check is INCONCLUSIVE
     */
    Finding find() throws IOException;
  }

  /** Declares an invariant. */
  public Declared of(String name) {
    return new Declared(name, Kind.INVARIANT);
  }

  /** Declares a check of the run's validity: INVALID if it fails. */
  public Declared validity(String name) {
    return new Declared(name, Kind.VALIDITY);
  }

  /** Returns what a counter of the measured phase counted. */
  public long count(String counter) {
    return counters.getOrDefault(counter, 0L);
  }

  /** Adds checks that were made from the report alone. */
  void add(List<Check> checks) {
    made.addAll(checks);
  }

  /** Returns the checks, in the order of their declaration. */
  public List<Check> made() {
    return made;
  }

  /** Returns what the checks rest on that only the merged run can have, by check. */
  Map<String, SharedCounters> shared() {
    return shared;
  }

  /** Declares that every token came once, in order and with its text. */
  public void tokens(boolean placeKnown, String noPlace, boolean textKnown) {
    of("no_token_lost").needs(placeKnown, noPlace).none("tokens_lost", "tokens", "never came");
    tokensRight(placeKnown, noPlace, textKnown);
  }

  /** Declares of the tokens that came that each came once, in order and with its text. */
  public void tokensRight(boolean placeKnown, String noPlace, boolean textKnown) {
    of("no_token_duplicated")
        .needs(placeKnown, noPlace)
        .none("tokens_duplicated", "tokens", "came twice");
    of("tokens_in_order")
        .needs(placeKnown, noPlace)
        .none("tokens_swapped", "tokens", "came after a later one");
    of("content_matches")
        .needs(textKnown, NO_TEXT)
        .none("tokens_wrong", "tokens", "had the wrong text");
  }

  /**
   * Declares that every broadcast came once and in order, by the counters of viewers, if any.
   *
   * @param end up to which each viewer must have received, such as the last accepted bid
   */
  public void broadcasts(Optional<String> unknown, String end) {
    of("no_broadcast_lost")
        .needs(unknown)
        .none("broadcasts_lost", "broadcasts", "were missing, up to " + end);
    of("no_broadcast_duplicated")
        .needs(unknown)
        .none("broadcasts_duplicated", "frames", "came twice");
    of("broadcasts_in_order").needs(unknown).none("broadcasts_swapped", "broadcasts", "came late");
  }

  /**
   * Declares that no feed of a service of the user's own stopped while it stayed open, by the
   * counters of {@link Pace}.
   */
  public void goesOn(Optional<String> unknown) {
    ToLongFunction<Pace.End> count = end -> count(end.counter());
    long steady = count.applyAsLong(Pace.End.STEADY);
    long mute = count.applyAsLong(Pace.End.MUTE);
    long brief = count.applyAsLong(Pace.End.BRIEF);
    boolean isForAll = steady >= OTHERS_MIN * (mute + brief);
    long silent = count.applyAsLong(Pace.End.SILENT) + (isForAll ? brief : 0);
    long unclear = count.applyAsLong(Pace.End.UNCLEAR) + (isForAll ? 0 : brief);
    String open =
        unclear == 0
            ? "No reader received enough messages at a pace of their own."
            : Numbers.sentence(
                "%s readers received messages, then none for the rest of their time; without a pace"
                    + " that was steady for long enough before, it is not known whether their feed"
                    + " stopped.",
                unclear);
    String stopped =
        Numbers.sentence(
            "%s of %s readers of a steady feed received nothing any more, for over ten times its"
                + " longest gap, while it stayed open.",
            silent, silent + steady);
    boolean isLeftOut = mute > 0 && isForAll;
    String none = Numbers.count(mute) + " readers received nothing of a feed that all others had.";
    String figure = Numbers.count(silent) + " silent";
    Finding found = Finding.of(silent == 0, figure, "none", "Every steady feed went on.", stopped);
    Finding leftOut = new Finding(Outcome.WARN, figure, "none", none);
    of("feed_goes_on")
        .needs(unknown)
        .needs(silent + steady > 0, open)
        .judge(() -> silent == 0 && isLeftOut ? leftOut : found);
  }

  /** Declares an invariant that rests on viewers. */
  public Declared viewers(String name, boolean any) {
    return of(name).needs(any, NO_VIEWERS);
  }

  /** A check under declaration; it counts once it is judged. */
  public final class Declared {
    private final String name;
    private final Kind kind;
    private Optional<String> unknown = Optional.empty();
    private Optional<String> open = leftOut;
    private Optional<String> ofAll = Optional.empty();
    private Supplier<SharedCounters> part;

    private Declared(String name, Kind kind) {
      this.name = name;
      this.kind = kind;
    }

    /** Requires what only some runs have; of several reasons the first one is reported. */
    public Declared needs(boolean known, String why) {
      return needs(known ? Optional.empty() : Optional.of(why));
    }

    /** Leaves the check out for a reason, if there is one. */
    public Declared needs(Optional<String> why) {
      unknown = unknown.or(() -> why);
      return this;
    }

    /** Requires counters of a target, which must be readable before the load and after it. */
    public Declared reads(TargetCounters target, String... pointers) {
      ofAll = ofAll.or(target::whyShared);
      open = open.or(() -> target.unreadable(pointers));
      return this;
    }

    /** Requires counts in which nothing is missing: no target was started anew during the load. */
    public Declared whole(Collection<TargetCounters> targets) {
      targets.forEach(target -> open = open.or(target::restarted));
      return this;
    }

    /** Requires a target, and its counters. */
    public Declared reads(Optional<TargetCounters> target, String why, String... pointers) {
      target.ifPresent(present -> reads(present, pointers));
      return needs(target.isPresent(), why);
    }

    /**
     * Leaves the check to the merged run if other generators load the same targets, and this one
     * could read what it rests on.
     */
    public Declared overAll(Supplier<SharedCounters> ownPart) {
      part = ownPart;
      if (ofAll.isPresent() && unknown.or(() -> open).isEmpty()) {
        shared.put(name, ownPart.get());
      }
      return this;
    }

    /**
     * Requires that the counters of {@link #overAll} show what this load added.
     *
     * @param own name of its own count; empty if it adds nothing
     * @param bad with {@code %s} for all counts
     */
    public void counted(String own, String good, String bad) {
      judge(
          () -> {
            Check check = Generators.counts(name, part.get(), own, good, bad);
            return new Finding(check.outcome(), check.figure(), check.limit(), check.reason());
          });
    }

    /** Judges the check now, if its evidence is there. */
    public void judge(Judgement judgement) {
      Optional<String> why = unknown.or(() -> open.isEmpty() ? ofAll : Optional.empty());
      if (why.isPresent()) {
        made.add(new Check(name, kind, Outcome.NOT_EVALUATED, "", "", why.get()));
        return;
      }
      Finding found;
      try {
        Finding judged = judgement.find();
        found = open.map(judged::inconclusive).orElse(judged);
      } catch (IOException e) {
        found =
            new Finding(Outcome.INCONCLUSIVE, "unreadable", "", UNREADABLE + e.getMessage() + ".");
      }
      if (cut && kind == Kind.INVARIANT && found.outcome == Outcome.FAIL) {
        found = found.inconclusive(CUT + found.reason);
      }
      boolean invalid = kind == Kind.VALIDITY && found.outcome == Outcome.FAIL;
      Outcome outcome = invalid ? Outcome.INVALID : found.outcome;
      made.add(new Check(name, kind, outcome, found.figure, found.limit, found.reason));
    }

    /**
     * Requires that a counter is 0.
     *
     * @param what was counted, such as tokens
     * @param wrong what was wrong with them, after "No tokens" or "3 tokens"
     */
    public void none(String counter, String what, String wrong) {
      none(count(counter), what, wrong);
    }

    /** Requires that what was counted is 0. */
    public void none(long count, String what, String wrong) {
      String figure = Numbers.count(count) + " " + what;
      String tail = " " + wrong + ".";
      judge(() -> Finding.of(count == 0, figure, "none", "No " + what + tail, figure + tail));
    }
  }
}
