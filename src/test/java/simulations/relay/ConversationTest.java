package simulations.relay;

import static org.assertj.core.api.Assertions.assertThat;

import kpi.Phase;
import org.junit.jupiter.api.Test;

class ConversationTest {
  private static final long MS = 1_000_000;

  @Test
  void tokens_are_due_a_delay_apart_and_up_to_half_of_it_later() {
    Conversation conversation = conversation(200, 0, 1);
    conversation.begin(7 * MS);

    assertThat(conversation.dueNs(1)).isEqualTo(7 * MS);
    long sumNs = 0;
    for (int sequence = 2; sequence <= 200; sequence++) {
      long gapNs = conversation.dueNs(sequence) - conversation.dueNs(sequence - 1);
      assertThat(gapNs).isBetween(20 * MS, 30 * MS);
      sumNs += gapNs;
    }
    assertThat(sumNs / 199).isBetween(24 * MS, 26 * MS);
  }

  @Test
  void the_same_seed_gives_the_same_plan_and_another_one_another() {
    assertThat(last(conversation(50, 0, 1))).isEqualTo(last(conversation(50, 0, 1)));
    assertThat(last(conversation(50, 0, 1))).isNotEqualTo(last(conversation(50, 0, 2)));
  }

  @Test
  void after_a_rest_the_next_token_is_due_when_it_is_resumed() {
    Conversation conversation = conversation(10, 4, 1);
    conversation.begin(0);
    long fourthNs = conversation.dueNs(4);
    for (int i = 0; i < 4; i++) {
      assertThat(conversation.isResting()).isFalse();
      conversation.settle(true);
    }
    assertThat(conversation.isResting()).isTrue();

    conversation.resume(5_000 * MS);

    assertThat(conversation.isResting()).isFalse();
    assertThat(conversation.dueNs(4)).isEqualTo(fourthNs);
    assertThat(conversation.dueNs(5)).isEqualTo(5_000 * MS);
    assertThat(conversation.dueNs(6)).isBetween(5_020 * MS, 5_030 * MS);
  }

  @Test
  void it_is_over_when_each_token_was_taken_or_given_up() {
    Conversation conversation = conversation(3, 0, 1);
    conversation.settle(true);
    conversation.settle(false);
    assertThat(conversation.isOver()).isFalse();
    conversation.settle(true);
    assertThat(conversation.isOver()).isTrue();
    assertThat(conversation.published()).isEqualTo(2);
    assertThat(conversation.settled()).isEqualTo(3);
  }

  @Test
  void no_two_tokens_have_the_same_text() {
    assertThat(Conversation.text("a-1", 1))
        .isEqualTo(Conversation.text("a-1", 1))
        .matches("[0-9a-z]+")
        .isNotEqualTo(Conversation.text("a-1", 2))
        .isNotEqualTo(Conversation.text("a-2", 1));
    assertThat(conversation(3, 0, 1).token(2)).isEqualTo(Conversation.text("c-0", 2));
    assertThat(Conversation.empty("c-9").token(1)).isEmpty();
    assertThat(Conversation.empty("c-9").tokens()).isOne();
  }

  private static long last(Conversation conversation) {
    conversation.begin(0);
    return conversation.dueNs(conversation.tokens());
  }

  private static Conversation conversation(int tokens, int restsAfter, long seed) {
    return new Conversation(
        "c-0", Phase.MEASURE, new Conversation.Shape(tokens, 20 * MS, 0, restsAfter), seed);
  }
}
