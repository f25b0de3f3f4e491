package targets.auction.bid;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.Supplier;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Response;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.exceptions.JedisNoScriptException;
import targets.auction.bid.Decision.Kind;
import targets.shared.LinkState;
import targets.shared.RedisAddress;
import targets.shared.Worker;

/**
 * One connection to Redis for many threads: the calls that arrive while a batch is under way become
 * the next batch, sent together. So the slower a round trip, the more calls share it.
 *
 * <p>A call that did not reach Redis is {@link Kind#AWAY} and did nothing; one whose answer is
 * missing is {@link Kind#UNSURE}. Thread-safe.
 */
public final class RedisLane extends Worker {
  /** Calls that wait for the lane; more are refused. */
  static final int WAITING_MAX = 10_000;

  private static final int BATCH_MAX = 256;
  private static final long PING_MS = 500;
  static final long RETRY_MS = 50;
  private static final Duration CLOSE_BOUND = Duration.ofSeconds(3);

  private final BlockingQueue<Call<?>> waiting = new ArrayBlockingQueue<>(WAITING_MAX);
  private final List<Script> scripts = new ArrayList<>();
  final LongAdder batches = new LongAdder();
  final LongAdder calls = new LongAdder();
  private final RedisAddress address;
  private final LinkState state;

  /** Longest wait of a call for its answer. */
  private final long boundNs;

  private final long reconnectMs;

  RedisLane(RedisAddress address, LinkState state, long boundNs, long reconnectMs) {
    super("redis-lane", CLOSE_BOUND);
    this.address = address;
    this.state = state;
    this.boundNs = boundNs;
    this.reconnectMs = reconnectMs;
  }

  /** A Lua script, with the SHA-1 by which Redis finds it. */
  static final class Script {
    private final byte[] text;
    private volatile byte[] sha;

    private Script(byte[] text) {
      this.text = text;
    }
  }

  /** Adds a script that every new connection loads; to be called before {@link #start}. */
  Script script(byte[] text) {
    Script script = new Script(text);
    scripts.add(script);
    return script;
  }

  /** Runs a script and reads its reply, within the bound. */
  Decision run(
      Script script, List<byte[]> keys, List<byte[]> values, Function<Object, Decision> read) {
    return call(pipeline -> pipeline.evalsha(script.sha, keys, values), read);
  }

  /** Sends a command and reads its reply, on the caller's thread, within the bound. */
  public <T> Decision call(Function<Pipeline, Response<T>> send, Function<T, Decision> read) {
    if (!state.isUp()) {
      return Decision.none(Kind.AWAY, state.reason().orElse("Redis is away"));
    }
    Call<T> call = new Call<>(send, read);
    if (!waiting.offer(call)) {
      return Decision.none(Kind.AWAY, WAITING_MAX + " requests already wait for Redis");
    }
    return call.await(boundNs);
  }

  /** Sends calls until the connection is lost; then refuses those that wait. */
  @Override
  protected long work() throws InterruptedException {
    try (Jedis jedis = address.connect(0)) {
      load(jedis);
      state.up();
      serve(jedis);
    } catch (JedisException e) {
      state.down(RedisAddress.words(e));
    }
    List<Call<?>> left = new ArrayList<>();
    waiting.drainTo(left);
    String reason = state.reason().orElse("the service is stopping");
    left.forEach(call -> call.fail(Kind.AWAY, reason));
    return reconnectMs;
  }

  private void serve(Jedis jedis) throws InterruptedException {
    List<Call<?>> batch = new ArrayList<>(BATCH_MAX);
    while (!isClosed()) {
      Call<?> first = waiting.poll(PING_MS, TimeUnit.MILLISECONDS);
      if (first == null) {
        jedis.ping();
      } else {
        batch.clear();
        batch.add(first);
        waiting.drainTo(batch, BATCH_MAX - 1);
        serve(jedis, batch);
      }
    }
  }

  private void load(Jedis jedis) {
    scripts.forEach(script -> script.sha = jedis.scriptLoad(script.text));
  }

  private void serve(Jedis jedis, List<Call<?>> batch) {
    batch.removeIf(call -> !call.claim());
    batches.increment();
    calls.add(batch.size());
    List<Call<?>> forgotten = exchange(jedis, batch);
    if (!forgotten.isEmpty()) {
      load(jedis);
      exchange(jedis, forgotten)
          .forEach(call -> call.fail(Kind.AWAY, "Redis drops its scripts at once"));
    }
  }

  /** Sends calls together; returns those whose script Redis does not have, which did nothing. */
  private static List<Call<?>> exchange(Jedis jedis, List<Call<?>> batch) {
    Pipeline pipeline = jedis.pipelined();
    try {
      batch.forEach(call -> call.send(pipeline));
      pipeline.sync();
    } catch (JedisException e) {
      batch.forEach(call -> call.fail(Kind.UNSURE, RedisAddress.words(e)));
      throw e;
    }
    List<Call<?>> forgotten = new ArrayList<>();
    for (Call<?> call : batch) {
      try {
        call.complete();
      } catch (JedisNoScriptException e) {
        forgotten.add(call);
      } catch (JedisDataException e) {
        call.fail(Kind.AWAY, RedisAddress.words(e));
      }
    }
    return forgotten;
  }

  /**
   * One call. Either the lane claims and sends it or its caller gives it up, never both: so a
   * caller that times out has a definite answer to whether the call may have reached Redis.
   */
  private static final class Call<T> {
    private final CompletableFuture<Supplier<Decision>> answer = new CompletableFuture<>();
    private final AtomicBoolean claimed = new AtomicBoolean();
    private final Function<Pipeline, Response<T>> send;
    private final Function<T, Decision> read;
    private Response<T> response;

    Call(Function<Pipeline, Response<T>> send, Function<T, Decision> read) {
      this.send = send;
      this.read = read;
    }

    /** Returns false if the caller has given the call up. */
    boolean claim() {
      return claimed.compareAndSet(false, true);
    }

    void send(Pipeline pipeline) {
      response = send.apply(pipeline);
    }

    /** Hands over the reply; throws the error that Redis replied. */
    void complete() {
      T reply = response.get();
      answer.complete(() -> read.apply(reply));
    }

    void fail(Kind kind, String reason) {
      answer.complete(() -> Decision.none(kind, reason));
    }

    Decision await(long boundNs) {
      try {
        return answer.get(boundNs, TimeUnit.NANOSECONDS).get();
      } catch (TimeoutException e) {
        return giveUp("Redis did not answer in " + TimeUnit.NANOSECONDS.toMillis(boundNs) + " ms");
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return giveUp("the service is stopping");
      } catch (ExecutionException e) {
        throw new IllegalStateException("calls never complete exceptionally", e);
      }
    }

    private Decision giveUp(String reason) {
      return Decision.none(claim() ? Kind.AWAY : Kind.UNSURE, reason);
    }
  }
}
