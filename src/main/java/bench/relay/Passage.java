package bench.relay;

import bench.Meter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Sends loads through a chain, one after the other. Used by one thread. */
final class Passage {
  /** From when all is open to the first token's time. */
  private static final long LEAD_NS = TimeUnit.MILLISECONDS.toNanos(50);

  /** What did not come is lost when nothing came for so long. */
  private static final Duration QUIET = Duration.ofSeconds(3);

  /** However much still comes, it is not waited for any longer after the last one was sent. */
  private static final Duration LATEST = Duration.ofSeconds(60);

  private final Chain chain;
  private final TokenProducer producer;
  private final LongSupplier nanoClock;
  private int loads;

  Passage(Chain chain, LongSupplier nanoClock, InstantSource wall) {
    this.chain = chain;
    this.nanoClock = nanoClock;
    this.producer = new TokenProducer(nanoClock, wall);
  }

  /** Told by the caller's thread. */
  interface Moments {
    /** Everything is open, and the first token is about to be sent. */
    void begins();

    /** All has come that will come; everything is still open. */
    void ends();

    /** Those of a meter. */
    static Moments of(Meter meter) {
      return new Moments() {
        @Override
        public void begins() {
          meter.begins();
        }

        @Override
        public void ends() {
          meter.ends();
        }
      };
    }
  }

  /** What went in and what came out. */
  record Passed(TokenProducer.Produced produced, Arrivals.Summary heard) {}

  Chain chain() {
    return chain;
  }

  /** The name of the next load, no other one's beginning. */
  String nextName() {
    loads++;
    return "bench-" + chain.kind().word() + "-" + loads;
  }

  /**
   * Sends a load through.
   *
   * @throws stack.StackFailure if the relay cannot be heard or spoken to
   */
  @SuppressWarnings("try") // Who hears is told of tokens by itself, until it is closed.
  Passed pass(StepLoad load, Moments moments) throws InterruptedException {
    chain.awaitReady();
    Arrivals arrivals = new Arrivals(load);
    try (Ear ear = chain.ears(nanoClock).open(load, arrivals)) {
      moments.begins();
      long startNs = nanoClock.getAsLong() + LEAD_NS;
      arrivals.begin(startNs);
      boolean durable = chain.kind() == LaneKind.DURABLE;
      TokenProducer.Produced produced = producer.produce(load, chain.redisUrl(), durable, startNs);
      arrivals.await(produced.sent(), QUIET, LATEST);
      moments.ends();
      return new Passed(produced, arrivals.summary());
    }
  }
}
