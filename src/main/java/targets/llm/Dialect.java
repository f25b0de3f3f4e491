package targets.llm;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The APIs in which a stream is requested and answered. */
enum Dialect {
  /** OpenAI's chat completions. */
  CHAT("/v1/chat/completions", "messages"),
  /** OpenAI's responses. */
  RESPONSES("/v1/responses", "input"),
  /** Anthropic's messages. */
  MESSAGES("/v1/messages", "messages");

  /** The field that holds the messages. */
  final String prompt;

  private final String path;

  Dialect(String path, String prompt) {
    this.path = path;
    this.prompt = prompt;
  }

  /** Returns the API of a path; empty if it is none. */
  static Optional<Dialect> at(String path) {
    return Arrays.stream(values()).filter(dialect -> dialect.path.equals(path)).findFirst();
  }

  /** Returns the name of its templates. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
