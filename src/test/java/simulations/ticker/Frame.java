package simulations.ticker;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** A message of the ticker, as far as a user measures it; its members come in any order. */
final class Frame {
  private static final JsonFactory JSON = new JsonFactory();

  /** Such as pong or price:update; empty if it is no message. */
  String type = "";

  /** A pong's {@code originalTimestamp}, as it is written. */
  String echo = "";

  /** Latency that a pong states of its ping; NaN if none. */
  double latencyMs = Double.NaN;

  /** Feed of a broadcast; empty for others. */
  String feed = "";

  long seq;
  long epoch;

  /** Number of broadcasts left out in favour of newer ones, by feed. */
  Map<String, Integer> skipped = Map.of();

  private long dueNs;
  private long publishedNs;

  static Frame of(String text) {
    Frame frame = new Frame();
    try (JsonParser parser = JSON.createParser(text)) {
      frame.read(parser);
    } catch (IOException e) {
      frame.type = "";
    }
    return frame;
  }

  /** Returns the planned time of its publishing, or else the real one, unix ns; 0 if unknown. */
  long publishedNs() {
    return dueNs > 0 ? dueNs : publishedNs;
  }

  private void read(JsonParser parser) throws IOException {
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
        case "skipped" -> readSkipped(parser, value);
        default -> parser.skipChildren();
      }
    }
  }

  private void readSkipped(JsonParser parser, JsonToken value) throws IOException {
    if (value != JsonToken.START_OBJECT) {
      parser.skipChildren();
      return;
    }
    skipped = new HashMap<>();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      skipped.put(name, parser.getValueAsInt());
    }
  }
}
