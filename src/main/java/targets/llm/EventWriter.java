package targets.llm;

import com.samskivert.mustache.Mustache;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import targets.llm.StreamPlan.Ending;
import targets.shared.Json;
import targets.shared.SseBody;

/**
 * Writes the events of one stream and counts them. What is the same in every token's event is
 * encoded once, so that a token costs two array copies and its word.
 */
final class EventWriter {
  /** Stands for a word, or for a number, in a token's event; no event has this character. */
  private static final String PLACE = "\0";

  private final Completion completion;
  private final SseBody body;

  /** The bytes around the word of a token, and around the event's number if it has one. */
  private final byte[][] first;

  private final byte[][] later;
  private int number;
  private int events;
  private int bytes;

  EventWriter(Completion completion, SseBody body) {
    this.completion = completion;
    this.body = body;
    first = pieces(true);
    later = pieces(false);
  }

  /** Returns how many events were written since the last call. */
  int takeEvents() {
    int taken = events;
    events = 0;
    return taken;
  }

  /** Returns how many bytes of events were written since the last call, without framing. */
  int takeBytes() {
    int taken = bytes;
    bytes = 0;
    return taken;
  }

  /** Returns a bound of one token event with its framing, for a word of ordinary length. */
  int tokenBytesMax() {
    return Stream.of(first).mapToInt(piece -> piece.length).sum() + 32;
  }

  /** Writes the events before the first token, if there are any. */
  void begin(ByteBuf out) {
    write(out, "begin", Map.of());
  }

  void token(ByteBuf out, int step, String word) {
    byte[][] pieces = step == 0 ? first : later;
    byte[] tail = pieces[1];
    if (pieces.length > 2) {
      String middle = new String(tail, StandardCharsets.UTF_8) + number++;
      tail =
          (middle + new String(pieces[2], StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8);
    }
    open(out, pieces[0].length + word.length() + tail.length);
    out.writeBytes(pieces[0]);
    ByteBufUtil.writeAscii(out, word);
    body.close(out.writeBytes(tail));
  }

  /**
   * Writes the events after the last token.
   *
   * @param text of all tokens
   */
  void end(ByteBuf out, Ending ending, Supplier<String> text, int tokens) {
    write(out, "end", completion.ended(ending, text, tokens));
  }

  /** Writes an error in place of what is left. */
  void error(ByteBuf out, Map<String, Object> error) {
    write(out, "failed", Map.of("error", Json.text(error.get("error"))));
  }

  private void write(ByteBuf out, String section, Map<String, Object> more) {
    Mustache.Lambda next = (unused, to) -> to.write(Integer.toString(number++));
    for (String event : text(section, more, next).split("(?<=\n\n)", -1)) {
      byte[] utf8 = event.getBytes(StandardCharsets.UTF_8);
      if (utf8.length > 0) {
        open(out, utf8.length);
        body.close(out.writeBytes(utf8));
      }
    }
  }

  private byte[][] pieces(boolean isFirst) {
    Mustache.Lambda next = (unused, to) -> to.write(PLACE);
    String event = text("token", Map.of("first", isFirst, "word", PLACE), next);
    return Arrays.stream(event.split(PLACE, -1))
        .map(piece -> piece.getBytes(StandardCharsets.UTF_8))
        .toArray(byte[][]::new);
  }

  private String text(String section, Map<String, Object> more, Mustache.Lambda next) {
    Map<String, Object> all = new HashMap<>(more);
    all.put("next", next);
    return completion.text(section, all);
  }

  private void open(ByteBuf out, int length) {
    events++;
    bytes += length;
    body.open(out, length);
  }
}
