package simulations.relay;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import kpi.Kpi;
import kpi.Phase;
import kpi.Recorders;
import simulations.relay.RelaySettings.Delivery;

/**
 * Publishes the tokens of all conversations by an open schedule: a token is due when its plan says
 * so, whether those before it were slow or not, and what is due at once goes out together. One
 * thread.
 */
final class TokenPublisher implements AutoCloseable {
  /** So many go out in one round trip. */
  private static final int BATCH_MAX = 256;

  private static final long IDLE_NS = 5_000_000;
  private static final long RETRY_NS = 20_000_000;
  private static final long JOIN_MS = 5_000;

  private final RedisTokens redis;
  private final Delivery delivery;
  private final Clock clock;
  private final Recorders recorders;
  private final boolean tellsPlan;
  private final Queue<Conversation> newcomers = new ConcurrentLinkedQueue<>();
  private final PriorityQueue<Due> due =
      new PriorityQueue<>(Comparator.comparingLong(Due::atNs).thenComparing(Due::id));
  private final Map<Phase, LongAdder> published = new EnumMap<>(Phase.class);
  private final LongAdder refused = new LongAdder();
  private final Thread thread = new Thread(this::run, "token publisher");
  private volatile boolean closed;

  /** The next token of a conversation. */
  private record Due(long atNs, Conversation conversation, int sequence) {
    String id() {
      return conversation.id();
    }
  }

  /**
   * @param redis takes the tokens; used by the publisher's thread only
   * @param delivery decides what happens to a token that Redis did not take: in core delivery it is
   *     given up, for it may have been heard; in durable delivery it is said again
   * @param clock of this process
   * @param recorders take the publish lag
   * @param tellsPlan whether each message carries when it was meant to be published
   */
  TokenPublisher(
      RedisTokens redis, Delivery delivery, Clock clock, Recorders recorders, boolean tellsPlan) {
    this.redis = redis;
    this.delivery = delivery;
    this.clock = clock;
    this.recorders = recorders;
    this.tellsPlan = tellsPlan;
    for (Phase phase : Phase.values()) {
      published.put(phase, new LongAdder());
    }
    thread.setDaemon(true);
    thread.start();
  }

  /** The conversation's first token is due now. */
  void begin(Conversation conversation) {
    conversation.begin(clock.nanos());
    add(conversation);
  }

  /** A conversation that rests goes on now. */
  void resume(Conversation conversation) {
    conversation.resume(clock.nanos());
    add(conversation);
  }

  /** Messages that Redis took. */
  long published() {
    return published.values().stream().mapToLong(LongAdder::sum).sum();
  }

  /** Messages of a phase that Redis took. */
  long published(Phase phase) {
    return published.get(phase).sum();
  }

  /** Messages that it did not take, and that were given up. */
  long refused() {
    return refused.sum();
  }

  /** Ends the thread; what is still due is not published. */
  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
    try {
      thread.join(JOIN_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void add(Conversation conversation) {
    newcomers.add(conversation);
    LockSupport.unpark(thread);
  }

  private void run() {
    List<Due> batch = new ArrayList<>();
    while (!closed) {
      for (Conversation each = newcomers.poll(); each != null; each = newcomers.poll()) {
        next(each);
      }
      collect(batch);
      if (batch.isEmpty()) {
        long waitNs = due.isEmpty() ? IDLE_NS : due.peek().atNs() - clock.nanos();
        LockSupport.parkNanos(Math.min(Math.max(1, waitNs), IDLE_NS));
      } else {
        publish(batch);
        batch.clear();
      }
    }
    redis.close();
  }

  /** Everything that is due, with the tokens of one conversation in their order. */
  private void collect(List<Due> batch) {
    long nowNs = clock.nanos();
    while (batch.size() < BATCH_MAX && !due.isEmpty() && due.peek().atNs() <= nowNs) {
      Due token = due.poll();
      batch.add(token);
      Conversation conversation = token.conversation();
      int following = token.sequence() + 1;
      if (token.sequence() == conversation.restsAfter()) {
        continue; // Whoever resumes it adds it again.
      }
      if (following <= conversation.tokens()) {
        due.add(new Due(conversation.intendedNs(following), conversation, following));
      }
    }
  }

  private void next(Conversation conversation) {
    int sequence = conversation.said() + 1;
    due.add(new Due(conversation.intendedNs(sequence), conversation, sequence));
  }

  private void publish(List<Due> batch) {
    List<RedisTokens.Said> messages = new ArrayList<>(batch.size());
    batch.forEach(token -> messages.add(new RedisTokens.Said(token.id(), json(token))));
    int from = 0;
    while (from < batch.size()) {
      List<Boolean> taken = redis.say(messages.subList(from, messages.size()));
      boolean again = false;
      for (boolean each : taken) {
        if (!each && delivery == Delivery.DURABLE && !closed) {
          again = true; // In order: what follows is said again too, and known by its sequence.
          break;
        }
        settle(batch.get(from++), each);
      }
      if (again) {
        LockSupport.parkNanos(RETRY_NS);
      }
    }
  }

  private void settle(Due token, boolean taken) {
    Conversation conversation = token.conversation();
    if (taken) {
      recorders.of(conversation.phase(), Kpi.PUBLISH_LAG).record(clock.nanos() - token.atNs());
      published.get(conversation.phase()).increment();
      conversation.taken();
    } else {
      refused.increment();
      conversation.refused();
    }
    if (token.sequence() == conversation.restsAfter()) {
      conversation.rest();
    }
  }

  private String json(Due token) {
    Conversation conversation = token.conversation();
    boolean done = token.sequence() == conversation.tokens();
    StringBuilder json = new StringBuilder(192);
    json.append("{\"conversation_id\":\"").append(conversation.id());
    json.append("\",\"token\":\"").append(conversation.text(token.sequence()));
    json.append("\",\"sequence\":").append(token.sequence());
    json.append(",\"done\":").append(done);
    json.append(",\"timestamp\":").append(clock.unixNs());
    if (tellsPlan) {
      json.append(',').append(plan(token.atNs()).json());
    }
    return json.append('}').toString();
  }

  private TokenEvent.Plan plan(long atNs) {
    Optional<Clock.Offset> offset = clock.offset();
    return new TokenEvent.Plan(
        clock.unixNs() - (clock.nanos() - atNs),
        atNs,
        clock.host().orElse(""),
        offset.map(Clock.Offset::ns).orElse(0L),
        offset.map(Clock.Offset::boundNs).orElse(-1L));
  }
}
