package bench.relay;

import bench.Meter;
import bench.TargetMemory;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import kpi.Machine;
import kpi.ProcessFigures;
import stack.StackFailure;
import stack.TargetProcess;

/** {@code bench relay --idle}: what a stream costs that is open and seldom gets a token. */
public final class IdleBench {
  /** Each stream gets so many, in turn. */
  static final int TOKENS_PER_STREAM = 3;

  /** Loads what every adapter has loaded, before the first look at its memory. */
  private static final int WARMUP_STREAMS = 100;

  private static final double WARMUP_RATE = 1000;
  private static final int WARMUP_TOKENS = 5000;

  /** Descriptors that the bench needs beyond its streams. */
  private static final int SPARE_FDS = 200;

  private static final double NS_PER_S = 1e9;

  private final RelaySettings settings;
  private final LongSupplier nanoClock;
  private final InstantSource wall;
  private final PrintWriter out;

  /**
   * @param nanoClock monotonic nanoseconds
   * @param wall stamps the messages
   * @param out takes a line after each lane
   */
  public IdleBench(
      RelaySettings settings, LongSupplier nanoClock, InstantSource wall, PrintWriter out) {
    this.settings = settings;
    this.nanoClock = nanoClock;
    this.wall = wall;
    this.out = out;
  }

  /**
   * Runs all lanes that have an adapter.
   *
   * @param folder takes a folder for each lane
   * @throws StackFailure if a process cannot be had, or not so many descriptors
   */
  public IdleResult run(Path folder) {
    checkDescriptors();
    String loadBefore = Machine.load();
    List<IdleResult.Lane> lanes = new ArrayList<>();
    try {
      for (LaneKind kind : settings.lanes().stream().filter(LaneKind::hasAdapter).toList()) {
        out.println(kind.word() + ": opening " + settings.idle() + " streams");
        out.flush();
        try (Chain chain = Chain.start(kind, settings, folder.resolve(kind.word()))) {
          lanes.add(lane(chain));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StackFailure("interrupted while streams were open", e);
    }
    return new IdleResult(settings, lanes, loadBefore, Machine.load());
  }

  private IdleResult.Lane lane(Chain chain) throws InterruptedException {
    Passage passage = new Passage(chain, nanoClock, wall);
    TargetProcess adapter = chain.target(Chain.ADAPTER);
    int few = Math.min(WARMUP_STREAMS, settings.idle());
    Looks nothing = new Looks(chain, adapter, nanoClock);
    passage.pass(new StepLoad(passage.nextName(), few, WARMUP_RATE, WARMUP_TOKENS, true), nothing);
    Looks looks = new Looks(chain, adapter, nanoClock);
    double rate = settings.idle() * NS_PER_S / settings.every().toNanos();
    int tokens = settings.idle() * TOKENS_PER_STREAM;
    TargetMemory before = TargetMemory.of(adapter);
    Passage.Passed passed =
        passage.pass(new StepLoad(passage.nextName(), settings.idle(), rate, tokens, false), looks);
    return new IdleResult.Lane(
        chain.kind(), tokens, passed.produced(), passed.heard(), before, looks.end(), looks.cost());
  }

  private void checkDescriptors() {
    ProcessFigures own = ProcessFigures.now();
    if (own.maxFds() >= 0 && own.maxFds() - own.openFds() < settings.idle() + SPARE_FDS) {
      throw new StackFailure(
          "--idle: %d streams need as many descriptors, and this process may have %d; write fewer"
                  .formatted(settings.idle(), own.maxFds())
              + " streams, or raise the limit by ulimit -n");
    }
  }

  /**
   * Reads what it costs, and looks at the adapter's memory when all tokens have come and all
   * streams are open.
   */
  private static final class Looks implements Passage.Moments {
    private final TargetProcess adapter;
    private final Meter meter;
    private TargetMemory end;

    Looks(Chain chain, TargetProcess adapter, LongSupplier nanoClock) {
      this.adapter = adapter;
      this.meter = chain.meter(nanoClock);
    }

    @Override
    public void begins() {
      meter.begins();
    }

    @Override
    public void ends() {
      meter.ends();
      end = TargetMemory.of(adapter);
    }

    Meter.Cost cost() {
      return meter.cost();
    }

    TargetMemory end() {
      return end;
    }
  }
}
