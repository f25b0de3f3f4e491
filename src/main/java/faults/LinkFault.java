package faults;

import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * A fault of a {@link TcpLink}, in a direction. Unless a fault overrides it, bytes pass at once,
 * and connections are left alone. Times are monotonic nanoseconds.
 */
public sealed interface LinkFault extends Fault
    permits Bandwidth, BlackHole, HalfOpen, Latency, Refuse, Reset, Slice, SlowClose {
  /** The time of a piece that does not pass before the fault is healed. */
  long NEVER = Long.MAX_VALUE;

  /** Returns the name of its type, such as {@code black-hole}. */
  @Override
  default String word() {
    return getClass().getSimpleName().replaceAll("\\B[A-Z]", "-$0").toLowerCase(Locale.ROOT);
  }

  Direction direction();

  /** Returns the size limit of a piece in bytes. */
  default int pieceBytes() {
    return Integer.MAX_VALUE;
  }

  /**
   * Returns when a piece passes.
   *
   * @param nowNs when it arrived
   * @param previousNs when the piece before it passes, or passed
   */
  default long passesNs(long nowNs, long previousNs, int bytes, SplittableRandom random) {
    return nowNs;
  }

  /** Returns when the end of a direction's bytes passes. */
  default long endsNs(long nowNs) {
    return nowNs;
  }

  /** Returns true if the link does not listen meanwhile. */
  default boolean refuses() {
    return false;
  }

  /** Returns the toxic of a Toxiproxy server that does much the same; empty if it has none. */
  default Optional<Toxiproxy.Toxic> toxic() {
    return Optional.empty();
  }

  /** Affects a connection that is open when the fault strikes; on its event loop. */
  default void strikes(TcpLink.Connection connection) {}

  /** Affects a connection that is made while the fault lasts; on its event loop. */
  default void meets(TcpLink.Connection connection) {}

  /** Affects a connection that is open when the fault is healed; on its event loop. */
  default void heals(TcpLink.Connection connection) {}
}
