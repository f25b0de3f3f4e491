package targets.llm;

import com.samskivert.mustache.Escapers;
import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.Template;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import targets.llm.StreamPlan.Ending;
import targets.shared.Json;

/** The texts of one answer: sections of its dialect's template, {@code resources/llm}. */
final class Completion {
  private static final Map<Dialect, Template> TEMPLATES =
      Stream.of(Dialect.values())
          .collect(Collectors.toMap(Function.identity(), Completion::template));

  /** The events of tokens, by what they depend on beside the values of {@link #OWN}. */
  private static final Map<List<Object>, String> TOKENS = new ConcurrentHashMap<>();

  /** What differs from answer to answer; a control character stands for each in an event. */
  private static final List<String> OWN = List.of("number", "created", "model");

  /** Stands for a word in a token's event. */
  static final char WORD = '\0';

  /** Stands for the number in a token's event, where it has one. */
  static final char NEXT = '\1';

  private static final char OWN_FROM = '\2';

  private final Dialect dialect;
  private final int promptTokens;
  private final Map<String, Object> values = new HashMap<>();

  /**
   * Begins an answer.
   *
   * @param number unique in the world
   * @param createdS when it was begun, in seconds since 1970
   */
  Completion(String number, long createdS, ChatRequest request) {
    this.dialect = request.dialect();
    this.promptTokens = request.promptTokens();
    values.put("number", number);
    values.put("created", createdS);
    values.put("model", Json.text(request.model()));
    values.put("promptTokens", promptTokens);
    values.put("usage", request.delivery() == ChatRequest.Delivery.STREAM_WITH_USAGE);
  }

  private static Template template(Dialect dialect) {
    String name = "/llm/" + dialect.word() + ".mustache";
    try (InputStream in = Completion.class.getResourceAsStream(name)) {
      return Mustache.compiler()
          .withEscaper(Escapers.NONE)
          .compile(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the program's own " + name, e);
    }
  }

  /** Returns a section of the template, with these values beside the answer's own. */
  String text(String section, Map<String, Object> more) {
    Map<String, Object> all = new HashMap<>(values);
    all.putAll(more);
    all.put(section, true);
    return TEMPLATES.get(dialect).execute(all);
  }

  /** Returns the event of the first token, or of a later one, with places for word and number. */
  String token(boolean isFirst) {
    String event =
        TOKENS.computeIfAbsent(
            List.of(dialect, values.get("usage"), isFirst), unused -> emptyToken(isFirst));
    for (int at = 0; at < OWN.size(); at++) {
      event = event.replace(own(at), values.get(OWN.get(at)).toString());
    }
    return event;
  }

  private String emptyToken(boolean isFirst) {
    Map<String, Object> places = new HashMap<>(Map.of("first", isFirst, "word", WORD));
    places.put("next", (Mustache.Lambda) (unused, to) -> to.write(NEXT));
    for (int at = 0; at < OWN.size(); at++) {
      places.put(OWN.get(at), own(at));
    }
    return text("token", places);
  }

  private static String own(int at) {
    return String.valueOf((char) (OWN_FROM + at));
  }

  /** Returns the body of an answer that is not streamed. */
  String whole(Ending ending, Supplier<String> text, int tokens) {
    return text("whole", ended(ending, text, tokens)).strip();
  }

  /** Returns the values of an answer's end, after so many tokens with this text. */
  Map<String, Object> ended(Ending ending, Supplier<String> text, int tokens) {
    boolean cut = ending == Ending.LENGTH;
    return Map.of(
        "ended",
        true,
        "text",
        (Mustache.Lambda) (unused, to) -> to.write(Json.text(text.get())),
        "reason",
        ending.reason(),
        "cut",
        cut,
        "status",
        cut ? "incomplete" : "completed",
        "tokens",
        tokens,
        "allTokens",
        promptTokens + tokens);
  }
}
