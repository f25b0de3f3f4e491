package simulations.relay;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import java.util.Map;
import simulations.run.Clock;

/** One event of a stream, in the form in which Gatling hands it to checks. */
record TokenEvent(@JsonProperty("event") String name, Data data) {
  private static final ObjectReader READER =
      new ObjectMapper()
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .readerFor(TokenEvent.class);
  private static final Data NO_DATA = new Data(null, 0, false, 0, null, null, null);
  private static final TokenEvent UNKNOWN = new TokenEvent(null, NO_DATA);

  TokenEvent {
    data = data == null ? NO_DATA : data;
  }

  /**
   * The data of a token or an error; what is absent is null or 0.
   *
   * @param sequence from 1
   * @param publishedNs time at which the token was sent, unix ns
   * @param hops time at each hop, unix ns, by the hop's name
   */
  record Data(
      String token,
      long sequence,
      boolean done,
      @JsonProperty("timestamp") long publishedNs,
      String error,
      Clock.Stamp plan,
      Map<String, Long> hops) {
    /** Returns true for the only token of a conversation that marks the end of its producer. */
    boolean isEmpty() {
      return token == null || token.isEmpty();
    }

    /** Returns the text without padding. */
    String text() {
      return token == null ? "" : token.strip();
    }

    /** Returns the plan of its producer; without one, the token was due when it was sent. */
    @Override
    public Clock.Stamp plan() {
      return plan == null ? new Clock.Stamp(publishedNs, 0, "", 0, null) : plan;
    }

    /** Returns the time at a hop; null if the hop added none. */
    Long at(String hop) {
      return hops == null ? null : hops.get(hop);
    }
  }

  /** Reads an event such as {@code {"event": …, "id": …, "data": {…}}}. */
  static TokenEvent of(String json) {
    try {
      TokenEvent read = READER.readValue(json);
      return read == null ? UNKNOWN : read;
    } catch (JsonProcessingException e) {
      return UNKNOWN; // A comment or another event; the stream goes on.
    }
  }

  boolean isToken() {
    return "token".equals(name) && data.sequence() > 0;
  }

  boolean isError() {
    return "error".equals(name);
  }
}
