package simulations.relay;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.Stream;
import kpi.Kpi;
import kpi.Phase;
import simulations.run.Clock;
import simulations.run.OpenSchedule;
import simulations.run.OpenSchedule.Due;
import simulations.run.Recording;

/**
 * Publishes the tokens of all conversations by an open schedule; tokens that are due at once go out
 * in one round trip.
 */
final class TokenPublisher implements AutoCloseable {
  private static final long RETRY_NS = 20_000_000;
  private static final String PUBLISHED = "tokens_published";

  private final RedisTokens redis;
  private final Clock clock;
  private final Function<Phase, Recording> recordings;
  private final boolean sendsPlan;
  private final OpenSchedule<Token> schedule;

  /** A token of a conversation, by its sequence from 1. */
  record Token(Conversation conversation, int sequence) {
    Optional<Due<Token>> following() {
      // A conversation that rests is added again by its reader's return.
      if (conversation.restsAfter(sequence) || sequence >= conversation.tokens()) {
        return Optional.empty();
      }
      Token next = new Token(conversation, sequence + 1);
      return Optional.of(new Due<>(conversation.dueNs(next.sequence), next));
    }
  }

  /**
   * Starts the schedule.
   *
   * @param redis used by the schedule's thread only
   * @param sendsPlan whether each message carries the time at which it was due
   */
  TokenPublisher(
      RedisTokens redis, Clock clock, Function<Phase, Recording> recordings, boolean sendsPlan) {
    this.redis = redis;
    this.clock = clock;
    this.recordings = recordings;
    this.sendsPlan = sendsPlan;
    this.schedule =
        new OpenSchedule<>(
            "token publisher", clock.monotonic(), token -> token.item().following(), this::publish);
  }

  void begin(Conversation conversation) {
    conversation.begin(clock.nanos());
    add(conversation);
  }

  void resume(Conversation conversation) {
    conversation.resume(clock.nanos());
    add(conversation);
  }

  /** Returns the number of messages of all phases that Redis took. */
  long published() {
    return Stream.of(Phase.values())
        .mapToLong(phase -> recordings.apply(phase).counted(PUBLISHED))
        .sum();
  }

  /** Ends the schedule; what is still due is not published. */
  @Override
  public void close() {
    schedule.close();
    redis.close();
  }

  private void add(Conversation conversation) {
    int sequence = conversation.settled() + 1;
    schedule.add(conversation.dueNs(sequence), new Token(conversation, sequence));
  }

  private void publish(List<Due<Token>> batch) {
    List<RedisTokens.Message> messages = new ArrayList<>(batch.size());
    for (Due<Token> due : batch) {
      messages.add(new RedisTokens.Message(due.item().conversation().id, json(due)));
    }
    int from = 0;
    while (from < batch.size()) {
      boolean again = false;
      for (boolean taken : redis.publish(messages.subList(from, messages.size()))) {
        if (!taken && redis.mayRepeat() && !schedule.isClosed()) {
          again = true; // In order: what follows is repeated too, and known by its sequence.
          break;
        }
        settle(batch.get(from++), taken, clock.nanos(), recordings);
      }
      if (again) {
        LockSupport.parkNanos(RETRY_NS);
      }
    }
  }

  static void settle(
      Due<Token> due, boolean taken, long nowNs, Function<Phase, Recording> recordings) {
    Conversation conversation = due.item().conversation();
    Recording recording = recordings.apply(conversation.phase);
    if (taken) {
      recording.of(Kpi.PUBLISH_LAG).record(nowNs - due.atNs());
      recording.tally().add(PUBLISHED, 1);
    } else {
      // A refusal in any phase counts against the run.
      recordings.apply(Phase.MEASURE).tally().add("tokens_refused", 1);
    }
    conversation.settle(taken);
  }

  private String json(Due<Token> due) {
    Conversation conversation = due.item().conversation();
    int sequence = due.item().sequence();
    return "{\"conversation_id\":\""
        + conversation.id
        + "\",\"token\":\""
        + conversation.token(sequence)
        + "\",\"sequence\":"
        + sequence
        + ",\"done\":"
        + (sequence == conversation.tokens())
        + ",\"timestamp\":"
        + clock.unixNs()
        + (sendsPlan ? ",\"plan\":" + clock.stamp(due.atNs()).json() : "")
        + "}";
  }
}
