package faults;

/** A part of a run that a plan strikes: a process, or a link. One thread at a time uses it. */
public interface Part {
  /**
   * Begins a fault; returns once it has begun.
   *
   * @throws Exception if it cannot be carried out; the part is then as before, or can be healed
   */
  void strike(Fault fault) throws Exception;

  /** Ends a fault; returns once the part is there again, or throws if it does not get there. */
  void heal(Fault fault) throws Exception;
}
