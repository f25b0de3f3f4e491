package simulations.sse;

/**
 * Reads what a stream's recorder needs from the text that Gatling makes of an SSE event. The one
 * place that knows that text's form: {@code {"event":…,"data":…}}, with data that looks like JSON
 * inlined as it came, so that the last event reads <code>{"data":[DONE]}</code>.
 *
 * <p>It searches for a field instead of parsing the document: this runs for every event of every
 * stream, on the injector's event loops. Pure functions.
 */
final class ChatChunk {
  private static final String CONTENT = "\"content\"";
  private static final String FINISH = "\"finish_reason\"";
  private static final String ROLE = "\"role\"";
  private static final String ERROR = "{\"data\":{\"error\"";

  private ChatChunk() {}

  /** Returns true for the event that ends every stream. */
  static boolean isDone(String event) {
    return event.endsWith("[DONE]}") || event.endsWith("\"[DONE]\"}");
  }

  static boolean isError(String event) {
    return event.startsWith(ERROR);
  }

  static boolean isFirst(String event) {
    return event.contains(ROLE);
  }

  /** Returns true for the chunk with the reason of the end. */
  static boolean isFinish(String event) {
    int value = valueOf(event, FINISH);
    return value >= 0 && event.charAt(value) == '"';
  }

  /** Returns the text that the chunk adds, escapes as they came; null if it adds none. */
  static String content(String event) {
    int value = valueOf(event, CONTENT);
    if (value < 0 || event.charAt(value) != '"') {
      return null;
    }
    int end = value + 1;
    while (end < event.length() && event.charAt(end) != '"') {
      end += event.charAt(end) == '\\' ? 2 : 1;
    }
    return end == value + 1 || end >= event.length() ? null : event.substring(value + 1, end);
  }

  /** Start of the value of a field; -1 if there is none. */
  private static int valueOf(String event, String field) {
    int at = event.indexOf(field);
    if (at < 0) {
      return -1;
    }
    int value = at + field.length();
    while (value < event.length() && (event.charAt(value) == ':' || event.charAt(value) == ' ')) {
      value++;
    }
    return value < event.length() ? value : -1;
  }
}
