package targets.llm;

import com.samskivert.mustache.Escapers;
import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.Template;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import targets.llm.StreamPlan.Ending;
import targets.shared.Json;
import targets.shared.SseBody;

/**
 * Writes the events of one stream and counts them. What they are is a template of their dialect,
 * {@code resources/llm}; what is the same in every token's event is encoded once, so that a token
 * costs two array copies and its word.
 */
final class EventWriter {
  private static final Map<Dialect, Template> TEMPLATES =
      Stream.of(Dialect.values())
          .collect(Collectors.toMap(Function.identity(), EventWriter::template));

  /** Stands for a word, or for a number, in a token's event; no event has this character. */
  private static final String PLACE = "\0";

  private final Template template;
  private final Map<String, Object> values = new HashMap<>();
  private final SseBody body;

  /** The bytes around the word of a token, and around the event's number if it has one. */
  private final byte[][] first;

  private final byte[][] later;
  private int number;
  private int events;
  private int bytes;

  EventWriter(Completion completion, ChatRequest request, SseBody body) {
    this.template = TEMPLATES.get(request.dialect());
    this.body = body;
    values.put("id", Json.text(completion.id()));
    values.put("number", completion.id().replaceFirst("chatcmpl-", ""));
    values.put("created", completion.createdS());
    values.put("model", Json.text(completion.model()));
    values.put("promptTokens", request.promptTokens());
    values.put("usage", request.delivery() == ChatRequest.Delivery.STREAM_WITH_USAGE);
    values.put("word", PLACE);
    values.put("next", (Mustache.Lambda) (unused, out) -> out.write(PLACE));
    first = pieces(true);
    later = pieces(false);
    values.put("next", (Mustache.Lambda) (unused, out) -> out.write(Integer.toString(number++)));
  }

  private static Template template(Dialect dialect) {
    String name = "/llm/" + dialect.word() + ".sse";
    try (InputStream in = EventWriter.class.getResourceAsStream(name)) {
      return Mustache.compiler()
          .withEscaper(Escapers.NONE)
          .compile(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the program's own " + name, e);
    }
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
  void end(ByteBuf out, Ending ending, Supplier<String> text, Completion.Usage usage) {
    boolean cut = ending == Ending.LENGTH;
    Map<String, Object> more = new HashMap<>();
    more.put("text", (Mustache.Lambda) (unused, to) -> to.write(Json.text(text.get())));
    more.put("reason", ending.reason());
    more.put("cut", cut);
    more.put("status", cut ? "incomplete" : "completed");
    more.put("tokens", usage.completionTokens());
    more.put("allTokens", usage.totalTokens());
    write(out, "end", more);
  }

  /** Writes an error in place of what is left. */
  void error(ByteBuf out, Map<String, Object> error) {
    write(out, "failed", Map.of("error", Json.text(error.get("error"))));
  }

  private void write(ByteBuf out, String section, Map<String, Object> more) {
    for (String event : text(section, more).split("(?<=\n\n)", -1)) {
      byte[] utf8 = event.getBytes(StandardCharsets.UTF_8);
      if (utf8.length > 0) {
        open(out, utf8.length);
        body.close(out.writeBytes(utf8));
      }
    }
  }

  private byte[][] pieces(boolean isFirst) {
    return Arrays.stream(text("token", Map.of("first", isFirst)).split(PLACE, -1))
        .map(piece -> piece.getBytes(StandardCharsets.UTF_8))
        .toArray(byte[][]::new);
  }

  private String text(String section, Map<String, Object> more) {
    Map<String, Object> all = new HashMap<>(values);
    all.putAll(more);
    all.put(section, true);
    return template.execute(all);
  }

  private void open(ByteBuf out, int length) {
    events++;
    bytes += length;
    body.open(out, length);
  }
}
