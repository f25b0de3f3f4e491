package faults;

import java.util.Locale;

/** Faults of a process; the caller carries them out. */
public enum ProcessFault implements Fault {
  /** SIGKILL; healed by a start with the same address and data. */
  KILL,
  /** SIGTERM, or the program's own way to stop; healed like {@link #KILL}. */
  STOP,
  /** SIGSTOP: connections stay open and nothing answers; healed by SIGCONT. */
  PAUSE,
  /**
   * No space is left where it keeps its data; healed by space, and a start if that is not enough.
   */
  FULL_DISK;

  @Override
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
