package targets.defects;

import java.util.function.Consumer;
import java.util.function.Function;

/** Passes things on, but some of them never, twice, or after the next one. Used by one thread. */
final class Shuffle<T> implements Consumer<T> {
  private final Consumer<T> honest;
  private final Function<T, Fate> fates;
  private T held;

  enum Fate {
    LOST,
    PASSED,
    REPEATED,
    /** It changes places with the next one. */
    SWAPPED,
    /** It stays behind all others. */
    LAST
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
    if (fate != Fate.LOST) {
      honest.accept(thing);
    }
    if (fate == Fate.REPEATED) {
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
