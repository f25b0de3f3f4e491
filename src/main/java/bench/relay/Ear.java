package bench.relay;

/** Hears the tokens of one step, at the end of a lane. */
interface Ear extends AutoCloseable {
  /** Stops hearing; what still comes is not told any more. */
  @Override
  void close();

  /** How a lane gets its ear. */
  interface Opening {
    /**
     * Opens an ear; returns when whatever is said from now on will be heard.
     *
     * @param arrivals takes what is heard
     * @throws stack.StackFailure if it cannot be opened in time
     */
    Ear open(StepLoad load, Arrivals arrivals);
  }
}
