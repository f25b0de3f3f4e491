package targets.auction.bid;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Response;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.exceptions.JedisNoScriptException;
import targets.shared.LinkState;
import targets.shared.RedisAddress;

/**
 * One connection to Redis for many threads: what they ask while one batch is under way is the next
 * batch, sent together. So the dearer a round trip is, the more requests share it.
 *
 * <p>A request that Redis did not get is told from one that it may have got: the first did nothing.
 * Thread-safe.
 */
final class RedisLane implements AutoCloseable {
  /** Requests that wait for the lane; more are turned away. */
  static final int WAITING_MAX = 10_000;

  private static final int BATCH_MAX = 256;
  private static final long PING_MS = 500;
  private static final long RETRY_MS = 50;
  private static final long JOIN_MS = 3000;

  private final BlockingQueue<LaneCall<?>> waiting = new ArrayBlockingQueue<>(WAITING_MAX);
  private final LongAdder batches = new LongAdder();
  private final LongAdder calls = new LongAdder();
  private final RedisAddress address;
  private final List<Script> scripts;
  private final LinkState state;
  private final long boundNs;
  private final Thread thread;
  private volatile boolean closed;

  /**
   * @param address answers within the bound, or the connection is given up
   * @param scripts are loaded before anything is asked
   * @param state is told how Redis is
   * @param boundNs how long a request waits for its answer, in nanoseconds
   */
  RedisLane(RedisAddress address, List<Script> scripts, LinkState state, long boundNs) {
    this.address = address;
    this.scripts = scripts;
    this.state = state;
    this.boundNs = boundNs;
    this.thread = new Thread(this::run, "redis-lane");
    thread.setDaemon(true);
  }

  /** Begins to connect; returns at once. */
  void start() {
    thread.start();
  }

  /** Batches sent so far. */
  long batches() {
    return batches.sum();
  }

  /** Requests sent so far. */
  long calls() {
    return calls.sum();
  }

  /** Asks, and waits for the answer within the bound. */
  <T> LaneAnswer<T> ask(Function<Pipeline, Response<T>> send) {
    if (!state.isUp()) {
      return LaneAnswer.away(state.reason().orElse("Redis is away"));
    }
    LaneCall<T> call = new LaneCall<>(send);
    if (!waiting.offer(call)) {
      return LaneAnswer.away(WAITING_MAX + " requests wait for Redis already");
    }
    return call.await(boundNs);
  }

  /** Sends nothing more; what waits is told so. */
  @Override
  public void close() {
    closed = true;
    try {
      thread.join(JOIN_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      while (!closed) {
        serveOnce();
        refuseWaiting();
        if (!closed) {
          TimeUnit.MILLISECONDS.sleep(RETRY_MS);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void serveOnce() throws InterruptedException {
    try (Jedis jedis = address.connect(0)) {
      load(jedis);
      state.up();
      List<LaneCall<?>> batch = new ArrayList<>(BATCH_MAX);
      while (!closed) {
        LaneCall<?> first = waiting.poll(PING_MS, TimeUnit.MILLISECONDS);
        if (first == null) {
          jedis.ping();
        } else {
          batch.clear();
          batch.add(first);
          waiting.drainTo(batch, BATCH_MAX - 1);
          serve(jedis, batch);
        }
      }
    } catch (JedisException e) {
      state.down(RedisAddress.words(e));
    }
  }

  private void load(Jedis jedis) {
    scripts.forEach(script -> jedis.scriptLoad(script.text()));
  }

  private void serve(Jedis jedis, List<LaneCall<?>> batch) {
    Pipeline pipeline = jedis.pipelined();
    List<LaneCall<?>> sent = new ArrayList<>(batch.size());
    try {
      for (LaneCall<?> call : batch) {
        if (call.send(pipeline)) {
          sent.add(call);
        }
      }
      pipeline.sync();
    } catch (JedisException e) {
      sent.forEach(call -> call.lost(RedisAddress.words(e)));
      throw e;
    }
    batches.increment();
    calls.add(sent.size());
    List<LaneCall<?>> forgotten = take(sent);
    if (!forgotten.isEmpty()) {
      load(jedis);
      again(jedis, forgotten);
    }
  }

  /** Takes the answers; returns those whose script Redis does not know, which did nothing. */
  private static List<LaneCall<?>> take(List<LaneCall<?>> sent) {
    List<LaneCall<?>> forgotten = new ArrayList<>();
    for (LaneCall<?> call : sent) {
      try {
        call.take();
      } catch (JedisNoScriptException e) {
        forgotten.add(call);
      } catch (JedisDataException e) {
        call.notDone(RedisAddress.words(e));
      }
    }
    return forgotten;
  }

  private void again(Jedis jedis, List<LaneCall<?>> forgotten) {
    Pipeline pipeline = jedis.pipelined();
    try {
      forgotten.forEach(call -> call.sendAgain(pipeline));
      pipeline.sync();
    } catch (JedisException e) {
      forgotten.forEach(call -> call.lost(RedisAddress.words(e)));
      throw e;
    }
    take(forgotten).forEach(call -> call.notDone("Redis forgets scripts at once"));
  }

  private void refuseWaiting() {
    List<LaneCall<?>> left = new ArrayList<>();
    waiting.drainTo(left);
    left.forEach(call -> call.notDone(state.reason().orElse("the service is stopping")));
  }
}
