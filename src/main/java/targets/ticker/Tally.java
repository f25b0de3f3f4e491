package targets.ticker;

/** What one event loop delivered since it last told the metrics. Used by that loop. */
final class Tally {
  private final TickerMetrics metrics;
  private final int dropEvery;
  private final int duplicateEvery;
  private long deliveries;
  private int addressed;
  private int delivered;
  private int conflated;
  private int undelivered;
  private long bytes;

  /**
   * @param dropEvery planted mistake: such a delivery does not happen; 0 for none
   * @param duplicateEvery planted mistake: such a delivery happens twice; 0 for none
   */
  Tally(TickerMetrics metrics, int dropEvery, int duplicateEvery) {
    this.metrics = metrics;
    this.dropEvery = dropEvery;
    this.duplicateEvery = duplicateEvery;
  }

  /** A delivery begins; returns how often it is to be made: once, unless a mistake is planted. */
  int address() {
    addressed++;
    deliveries++;
    if (dropEvery > 0 && deliveries % dropEvery == 0) {
      delivered++; // The mistake is that nobody notices.
      return 0;
    }
    return duplicateEvery > 0 && deliveries % duplicateEvery == 0 ? 2 : 1;
  }

  void delivered(int frameBytes) {
    delivered++;
    bytes += frameBytes;
  }

  void conflated() {
    conflated++;
  }

  void undelivered(int count) {
    undelivered += count;
  }

  /** Tells the metrics, and begins again. */
  void tell() {
    metrics.addressed.add(addressed);
    metrics.delivered.add(delivered);
    metrics.conflated.add(conflated);
    metrics.undelivered.add(undelivered);
    metrics.bytes.add(bytes);
    addressed = 0;
    delivered = 0;
    conflated = 0;
    undelivered = 0;
    bytes = 0;
  }
}
