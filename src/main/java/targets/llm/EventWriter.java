package targets.llm;

import com.samskivert.mustache.Mustache;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import targets.llm.StreamPlan.Ending;
import targets.shared.Json;

/**
 * Writes the events of one stream and counts them. What is the same in every token's event is
 * encoded once, so that a token costs two array copies and its word.
 */
final class EventWriter {
  private static final byte[] NOTHING = {};
  private static final Pattern PLACE =
      Pattern.compile("[" + Completion.WORD + Completion.NEXT + "]");

  private final Completion completion;

  /** The bytes around the word of a token, and around the event's number if it has one. */
  private final byte[][] first;

  private final byte[][] later;
  private int number;
  private int events;
  private int bytes;

  EventWriter(Completion completion) {
    this.completion = completion;
    first = pieces(true);
    later = pieces(false);
  }

  /** Returns how many events were written since the last call. */
  int takeEvents() {
    int taken = events;
    events = 0;
    return taken;
  }

  /** Returns how many bytes of events were written since the last call. */
  int takeBytes() {
    int taken = bytes;
    bytes = 0;
    return taken;
  }

  /** Returns a bound of one token event for a word of ordinary length. */
  int tokenBytesMax() {
    return Stream.of(first).mapToInt(piece -> piece.length).sum() + 32;
  }

  /** Writes the events before the first token, if there are any. */
  void begin(ByteBuf out) {
    write(out, "begin", Map.of());
  }

  void token(ByteBuf out, int step, String word) {
    byte[][] pieces = step == 0 ? first : later;
    boolean isNumbered = pieces.length > 2;
    String next = isNumbered ? Integer.toString(number++) : "";
    byte[] end = isNumbered ? pieces[2] : NOTHING;
    int before = out.writerIndex();
    out.writeBytes(pieces[0]);
    ByteBufUtil.writeAscii(out, word);
    out.writeBytes(pieces[1]);
    ByteBufUtil.writeAscii(out, next);
    count(out.writeBytes(end).writerIndex() - before);
  }

  /** Writes the events after the last token; the text is that of all tokens. */
  void end(ByteBuf out, Ending ending, Supplier<String> text, int tokens) {
    write(out, "end", completion.ended(ending, text, tokens));
  }

  /** Writes an error in place of what is left. */
  void error(ByteBuf out, Map<String, Object> error) {
    write(out, "failed", Map.of("error", Json.text(error.get("error"))));
  }

  private void write(ByteBuf out, String section, Map<String, Object> more) {
    Map<String, Object> all = new HashMap<>(more);
    all.put("next", (Mustache.Lambda) (unused, to) -> to.write(Integer.toString(number++)));
    for (String event : completion.text(section, all).split("(?<=\n\n)", -1)) {
      byte[] utf8 = event.getBytes(StandardCharsets.UTF_8);
      if (utf8.length > 0) {
        out.writeBytes(utf8);
        count(utf8.length);
      }
    }
  }

  private byte[][] pieces(boolean isFirst) {
    return PLACE
        .splitAsStream(completion.token(isFirst))
        .map(piece -> piece.getBytes(StandardCharsets.UTF_8))
        .toArray(byte[][]::new);
  }

  private void count(int length) {
    events++;
    bytes += length;
  }
}
