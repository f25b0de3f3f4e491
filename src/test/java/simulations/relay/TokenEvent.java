package simulations.relay;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import settings.Option;
import simulations.run.Clock;
import simulations.run.Field;

/** One event of a stream, in the form in which Gatling hands it to checks. */
record TokenEvent(String name, Data data) {
  private static final String ID = "id";
  private static final ObjectMapper MAPPER =
      new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  /** Names of events that are tokens; one without a name is a message (the SSE standard). */
  private static final Set<String> TOKENS = Set.of("token", "message", "");

  /**
   * Where an event has what a reader checks.
   *
   * @param seq JSON pointer into the data, or {@code id} for the event's own field
   * @param sent JSON pointer to the time of sending
   */
  record Form(Seq seq, Field sent) {
    /** The form of the original's events. */
    static final Form ORIGINAL = new Form(Seq.parse("/sequence"), Field.parse("/timestamp"));

    /** The form of any feed's. */
    static final Form FEED = new Form(Seq.parse("none"), Field.NONE);
  }

  /** What the user names of a form. */
  record Named(
      @Option(name = "sse.seq") Optional<Seq> seq,
      @Option(name = "sse.sent") Optional<Field> sent) {
    Form orElse(Form usual) {
      return new Form(seq.orElse(usual.seq), sent.orElse(usual.sent));
    }
  }

  /**
   * Where the number of an event is.
   *
   * @param text as the user wrote it
   * @param field in the data
   */
  record Seq(String text, Field field) {
    static Seq parse(String text) {
      return new Seq(text, text.equals(ID) ? Field.NONE : Field.parse(text));
    }

    /** Returns true if events are numbered. */
    boolean isThere() {
      return text.equals(ID) || field.pointer().isPresent();
    }

    private long of(long id, JsonNode data) {
      return text.equals(ID) ? Math.max(0, id) : field.number(data).orElse(0);
    }
  }

  /**
   * The data of a token or an error; what is absent is null or 0.
   *
   * @param sequence from 1
   * @param publishedNs time at which the token was sent, unix ns
   * @param plan of its producer; without one, the token was due when it was sent
   * @param hops time at each hop, unix ns, by the hop's name
   */
  record Data(
      String token,
      long sequence,
      boolean done,
      long publishedNs,
      String error,
      Clock.Stamp plan,
      JsonNode hops) {
    /** Returns true for the only token of a conversation that marks the end of its producer. */
    boolean isEmpty() {
      return token.isEmpty();
    }

    /** Returns the same with a number. */
    Data numbered(long number) {
      return new Data(token, number, false, publishedNs, error, plan, hops);
    }

    /** Returns the text without padding. */
    String text() {
      return token.strip();
    }

    /** Returns the time at a hop; null if the hop added none. */
    Long at(String hop) {
      return hops.path(hop).isNumber() ? hops.path(hop).asLong() : null;
    }
  }

  /**
   * Reads an event.
   *
   * @param id the number in its own field; below 0 if it has none
   * @param bytes of which the first ones are its data
   */
  static TokenEvent of(String name, long id, byte[] bytes, int length, Form form) {
    JsonNode data;
    try {
      data = MAPPER.readTree(bytes, 0, length);
    } catch (IOException e) {
      data = MissingNode.getInstance(); // It is no JSON.
    }
    long sentNs = form.sent.unixNs(data).orElse(0);
    return new TokenEvent(
        name,
        new Data(
            data.path("token").asText(),
            form.seq.of(id, data),
            data.path("done").asBoolean(),
            sentNs,
            data.path("error").asText(null),
            plan(data.path("plan"), sentNs),
            data.path("hops")));
  }

  private static Clock.Stamp plan(JsonNode plan, long sentNs) {
    try {
      return plan.isObject()
          ? MAPPER.treeToValue(plan, Clock.Stamp.class)
          : new Clock.Stamp(sentNs, 0, "", 0, null);
    } catch (JsonProcessingException e) {
      return new Clock.Stamp(sentNs, 0, "", 0, null); // It means something else here.
    }
  }

  boolean isToken() {
    return TOKENS.contains(name) && data.sequence() > 0;
  }

  boolean isError() {
    return name.equals("error");
  }

  /** Returns true for one that should be a token, and has no number. */
  boolean isUnread() {
    return TOKENS.contains(name) && data.sequence() <= 0;
  }
}
