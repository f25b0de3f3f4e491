package simulations.sse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import settings.SeededText;

/**
 * The turns of one user with a service, each of which sends all that was said before. Used by one
 * thread.
 */
final class Conversation {
  /** How much longer than the median a prompt of drawn length may be. */
  private static final int LONGEST = 16;

  private final Dialogue plan;
  final long number;

  /** The number of turns so far. */
  int turn;

  private final ArrayNode messages = JsonNodeFactory.instance.arrayNode();
  private boolean ended;

  /** A conversation by its number among all, from 0, which chooses its prompts. */
  Conversation(Dialogue plan, long number) {
    this.plan = plan;
    this.number = number;
  }

  /** Adds the messages of the next turn, and returns all that there are then. */
  ArrayNode next(long seed) {
    for (JsonNode message : plan.all().turn(number, turn)) {
      messages.add(plan.promptWords() > 0 ? filled(message, seed) : message);
    }
    turn++;
    return messages;
  }

  void answered(String text) {
    messages.add(Prompts.message("assistant", text));
  }

  /** Ends it before its last turn. */
  void end() {
    ended = true;
  }

  boolean goesOn() {
    return !ended && turn < plan.turns();
  }

  /** Returns the bound of its answers, if its prompts have one. */
  OptionalInt maxTokens() {
    return plan.all().entry(number).maxTokens();
  }

  /** Fills a user's text up to a length that is drawn, log-normally. */
  private JsonNode filled(JsonNode message, long seed) {
    String text = message.path("content").asText();
    if (!message.path("role").asText().equals("user") || text.isEmpty()) {
      return message;
    }
    double factor = Math.exp(plan.promptSpread() * new SplittableRandom(seed).nextGaussian());
    int words = (int) Math.round(plan.promptWords() * Math.min(factor, LONGEST));
    int more = words - text.strip().split("\\s+").length;
    ObjectNode longer = message.deepCopy();
    return more <= 0
        ? message
        : longer.put("content", text + " " + new SeededText(seed).first(more));
  }
}
