package targets.auction.bid;

/**
 * What a request to Redis came to.
 *
 * @param <T> of the value
 */
sealed interface LaneAnswer<T> {
  /**
   * Redis answered.
   *
   * @param <T> of the value
   * @param value the answer; null where Redis has none
   */
  record Value<T>(T value) implements LaneAnswer<T> {}

  /**
   * Redis did nothing.
   *
   * @param <T> of the value there would be
   * @param reason why
   */
  record Away<T>(String reason) implements LaneAnswer<T> {}

  /**
   * Redis may have done it.
   *
   * @param <T> of the value there would be
   * @param reason why nobody knows
   */
  record Unsure<T>(String reason) implements LaneAnswer<T> {}

  /** Redis did nothing, for this reason. */
  static <T> LaneAnswer<T> away(String reason) {
    return new Away<>(reason);
  }
}
