package simulations.relay;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import kpi.Kpi;
import settings.Option;
import simulations.run.Clock;
import simulations.run.Field;
import simulations.run.Recording;

/**
 * One event of a stream: a token, an error, or something else; what is absent is null or 0.
 *
 * @param sequence from 1
 * @param publishedNs time at which the token was sent, unix ns
 * @param plan of its producer; without one, the token was due when it was sent
 * @param hops time at each hop, unix ns, by the hop's name
 */
record TokenEvent(
    String name,
    String token,
    long sequence,
    boolean done,
    long publishedNs,
    String error,
    Clock.Stamp plan,
    JsonNode hops) {
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

  /** Where the number of an event is: as the user wrote it, and the field in the data. */
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
        data.path("token").asText(),
        form.seq.of(id, data),
        data.path("done").asBoolean(),
        sentNs,
        data.path("error").asText(null),
        plan(data.path("plan"), sentNs),
        data.path("hops"));
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

  /** Returns the same with a number, as one of a stream without an end. */
  TokenEvent numbered(long number) {
    return new TokenEvent(name, token, number, false, publishedNs, error, plan, hops);
  }

  /** Returns the text without padding. */
  String text() {
    return token.strip();
  }

  /** Returns the time at a hop; null if the hop added none. */
  Long at(String hop) {
    return hops.path(hop).isNumber() ? hops.path(hop).asLong() : null;
  }

  boolean isToken() {
    return TOKENS.contains(name) && sequence > 0;
  }

  /** Returns true for the only message of an empty conversation. */
  boolean isEndOfProducer() {
    return done && sequence == 1 && token.isEmpty();
  }

  boolean isError() {
    return name.equals("error");
  }

  /** Returns true for one that should be a token, and has no number. */
  boolean isUnread() {
    return TOKENS.contains(name) && sequence <= 0;
  }

  /**
   * Records the parts of a token's lag, from the stamps that the hops add. They stamp the time
   * since 1970, so this holds only while all of them are on one host.
   *
   * @param unixNs time of day at which the token came
   * @param dueUnixNs time of day at which it was due
   */
  void recordHops(Recording recording, long unixNs, long dueUnixNs) {
    long redisNs = hop(recording, Kpi.HOP_REDIS, storedNs(), dueUnixNs);
    long bridgeNs = hop(recording, Kpi.HOP_BRIDGE, at("bridge"), redisNs);
    long natsNs = hop(recording, Kpi.HOP_NATS, at("nats"), bridgeNs);
    long adapterNs = hop(recording, Kpi.HOP_ADAPTER, at("adapter"), natsNs);
    if (at("adapter") != null) {
      recording.of(Kpi.HOP_CLIENT).record(unixNs - adapterNs);
    }
  }

  /**
   * Redis counts milliseconds, so a token was stored at some time of one, after it was sent and
   * before the bridge had it: this is the middle. Null if there is no stamp.
   */
  private Long storedNs() {
    Long stampNs = at("redis");
    Long bridgeNs = at("bridge");
    if (stampNs == null || bridgeNs == null) {
      return stampNs;
    }
    long from = Math.max(stampNs, publishedNs);
    return from + (Math.min(stampNs + 1_000_000, bridgeNs) - from) / 2;
  }

  private static long hop(Recording recording, Kpi kpi, Long atNs, long beforeNs) {
    if (atNs == null) {
      return beforeNs;
    }
    recording.of(kpi).record(atNs - beforeNs);
    return atNs;
  }
}
