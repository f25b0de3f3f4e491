package simulations.ticker;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * A message of the ticker, as far as a user measures it.
 *
 * @param type such as pong or price:update; empty if it is no message
 * @param echo a pong's {@code originalTimestamp}, as it is written; empty for others
 * @param latencyMs latency that a pong states of its ping; NaN if none
 * @param feed of a broadcast; empty for others
 * @param seq of a broadcast in its feed
 * @param epoch in which it counts
 * @param publishedNs planned time of its publishing, or, if it has none, the real one, unix ns; 0
 *     if it has neither
 * @param skipped number of broadcasts left out in favour of newer ones, by feed
 */
record Frame(
    String type,
    String echo,
    double latencyMs,
    String feed,
    long seq,
    long epoch,
    long publishedNs,
    Map<String, Integer> skipped) {
  private static final JsonFactory JSON = new JsonFactory();

  static Frame of(String text) {
    Reader reader = new Reader();
    try (JsonParser parser = JSON.createParser(text)) {
      reader.read(parser);
    } catch (IOException e) {
      reader.type = "";
    }
    return reader.frame();
  }

  /** Returns true for a broadcast. */
  boolean isBroadcast() {
    return !feed.isEmpty();
  }

  /** Collects the members in any order. */
  private static final class Reader {
    private final Map<String, Integer> skipped = new HashMap<>();
    private String type = "";
    private String echo = "";
    private double latencyMs = Double.NaN;
    private String feed = "";
    private long seq;
    private long epoch;
    private long dueNs;
    private long publishedNs;

    Frame frame() {
      long sinceNs = dueNs > 0 ? dueNs : publishedNs;
      return new Frame(type, echo, latencyMs, feed, seq, epoch, sinceNs, skipped);
    }

    void read(JsonParser parser) throws IOException {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new IOException("no object");
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String member = parser.currentName();
        JsonToken value = parser.nextToken();
        switch (member) {
          case "type" -> type = parser.getText();
          case "originalTimestamp" -> echo = parser.getText();
          case "latency" -> latencyMs = value.isNumeric() ? parser.getDoubleValue() : Double.NaN;
          case "feed" -> feed = parser.getText();
          case "seq" -> seq = parser.getValueAsLong();
          case "epoch" -> epoch = parser.getValueAsLong();
          case "due" -> dueNs = parser.getValueAsLong();
          case "published" -> publishedNs = parser.getValueAsLong();
          case "skipped" -> skipped(parser, value);
          default -> parser.skipChildren();
        }
      }
    }

    private void skipped(JsonParser parser, JsonToken value) throws IOException {
      if (value != JsonToken.START_OBJECT) {
        parser.skipChildren();
        return;
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        parser.nextToken();
        skipped.put(name, parser.getValueAsInt());
      }
    }
  }
}
