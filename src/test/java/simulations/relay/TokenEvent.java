package simulations.relay;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One event of a stream, as Gatling hands it to checks.
 *
 * @param kind token, error or anything else
 * @param sequence of the token; 0 if there is none
 * @param isDone whether it ends the conversation
 * @param text of the token; null if there is none
 * @param error the reason, of an error
 * @param publishedNs when the token was sent, unix ns; 0 if it does not say
 * @param plan what its producer meant, if it says so
 * @param hops when it was at each hop, unix ns, by the hop's name
 */
record TokenEvent(
    Kind kind,
    long sequence,
    boolean isDone,
    String text,
    String error,
    long publishedNs,
    Optional<Plan> plan,
    Map<String, Long> hops) {
  private static final JsonFactory JSON = new JsonFactory();

  /** What an event is. */
  enum Kind {
    /** A token. */
    TOKEN,
    /** A reason for something that went wrong. */
    ERROR,
    /** Anything else. */
    OTHER
  }

  /**
   * When a token was meant to be published, told by a producer in another process.
   *
   * @param unixNs by its clock, since 1970
   * @param monotonicNs by its host's monotonic clock
   * @param host that host's boot id; may be empty
   * @param offsetNs its clock less Redis's
   * @param boundNs how far the offset may be wrong; below 0 if it is not known
   */
  record Plan(long unixNs, long monotonicNs, String host, long offsetNs, long boundNs) {
    /** The member {@code "plan"} of a message. */
    String json() {
      return String.format(
          "\"plan\":{\"unix\":%d,\"monotonic\":%d,\"host\":\"%s\",\"offset\":%d,\"bound\":%d}",
          unixNs, monotonicNs, host, offsetNs, boundNs);
    }
  }

  /**
   * Reads an event; one that is no JSON of the relay is {@link Kind#OTHER}.
   *
   * @param json as {@code {"event": …, "id": …, "data": {…}}}
   */
  static TokenEvent of(String json) {
    Reader reader = new Reader();
    try (JsonParser parser = JSON.createParser(json)) {
      reader.event(parser);
    } catch (IOException e) {
      return reader.as(Kind.OTHER); // A comment or another event; the stream goes on.
    }
    return switch (reader.name) {
      case "token" -> reader.as(reader.sequence > 0 ? Kind.TOKEN : Kind.OTHER);
      case "error" -> reader.as(Kind.ERROR);
      default -> reader.as(Kind.OTHER);
    };
  }

  /** Collects the members in the order in which they come. */
  private static final class Reader {
    private final Map<String, Long> hops = new HashMap<>();
    private String name = "";
    private long sequence;
    private boolean done;
    private String text;
    private String error = "";
    private long publishedNs;
    private Optional<Plan> plan = Optional.empty();

    TokenEvent as(Kind kind) {
      return new TokenEvent(kind, sequence, done, text, error, publishedNs, plan, hops);
    }

    void event(JsonParser parser) throws IOException {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String member = parser.currentName();
        JsonToken value = parser.nextToken();
        switch (member) {
          case "event" -> name = parser.getText();
          case "data" -> {
            if (value == JsonToken.START_OBJECT) {
              data(parser);
            }
          }
          default -> parser.skipChildren();
        }
      }
    }

    private void data(JsonParser parser) throws IOException {
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String member = parser.currentName();
        parser.nextToken();
        switch (member) {
          case "token" -> text = parser.getText();
          case "sequence" -> sequence = parser.getValueAsLong();
          case "done" -> done = parser.getValueAsBoolean();
          case "timestamp" -> publishedNs = parser.getValueAsLong();
          case "error" -> error = parser.getValueAsString("");
          case "hops" -> numbers(parser, hops);
          case "plan" -> plan = Optional.of(plan(parser));
          default -> parser.skipChildren();
        }
      }
    }

    private static void numbers(JsonParser parser, Map<String, Long> into) throws IOException {
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String member = parser.currentName();
        parser.nextToken();
        into.put(member, parser.getValueAsLong());
      }
    }

    private static Plan plan(JsonParser parser) throws IOException {
      Map<String, Long> numbers = new HashMap<>();
      String host = "";
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String member = parser.currentName();
        parser.nextToken();
        if (member.equals("host")) {
          host = parser.getText();
        } else {
          numbers.put(member, parser.getValueAsLong());
        }
      }
      return new Plan(
          numbers.getOrDefault("unix", 0L),
          numbers.getOrDefault("monotonic", 0L),
          host,
          numbers.getOrDefault("offset", 0L),
          numbers.getOrDefault("bound", -1L));
    }
  }
}
