package targets.defects;

import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Passes things on, but some of them never, twice, or after the next one. Used by one thread.
 *
 * @param <T> a thing
 */
final class Shuffle<T> implements Consumer<T> {
  private final Consumer<T> honest;
  private final Function<T, Fate> fates;
  private T held;

  /** What happens to a thing. */
  enum Fate {
    LOST(0),
    PASSED(1),
    REPEATED(2),
    /** It changes places with the next one. */
    SWAPPED(1),
    /** It stays behind all others. */
    LAST(1);

    private final int times;

    Fate(int times) {
      this.times = times;
    }
  }

  Shuffle(Consumer<T> honest, Function<T, Fate> fates) {
    this.honest = honest;
    this.fates = fates;
  }

  @Override
  public void accept(T thing) {
    Fate fate = fates.apply(thing);
    if (fate == Fate.SWAPPED && held == null) {
      held = thing;
      return;
    }
    if (fate == Fate.LAST) {
      release();
    }
    for (int time = 0; time < fate.times; time++) {
      honest.accept(thing);
    }
    release();
  }

  private void release() {
    if (held != null) {
      honest.accept(held);
      held = null;
    }
  }
}
