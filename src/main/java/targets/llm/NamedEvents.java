package targets.llm;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import targets.shared.Json;

/**
 * The events of one stream of a dialect whose events have names, each as it is sent, with its place
 * in the stream. Used by one thread.
 */
final class NamedEvents {
  private final Dialect dialect;
  private final Completion completion;
  private final int promptTokens;
  private final String item;
  private int number;

  NamedEvents(Dialect dialect, Completion completion, int promptTokens) {
    this.dialect = dialect;
    this.completion = completion;
    this.promptTokens = promptTokens;
    this.item = completion.id().replaceFirst("chatcmpl", "msg");
  }

  /** Returns the events before the first token. */
  List<byte[]> begin() {
    if (dialect == Dialect.MESSAGES) {
      Map<String, Object> message =
          map("id", item, "type", "message", "role", "assistant", "model", completion.model());
      message.putAll(map("content", List.of(), "stop_reason", null, "stop_sequence", null));
      message.put("usage", Map.of("input_tokens", promptTokens, "output_tokens", 0));
      Map<String, Object> block = map("type", "text", "text", "");
      return List.of(
          event("message_start", map("message", message)),
          event("content_block_start", map("index", 0, "content_block", block)));
    }
    return List.of(
        event("response.created", map("response", response("in_progress", List.of(), null))),
        event("response.output_item.added", inItem(map("item", item("in_progress", List.of())))),
        event("response.content_part.added", inPart(map("part", part("")))));
  }

  byte[] token(String word) {
    return dialect == Dialect.MESSAGES
        ? event(
            "content_block_delta",
            map("index", 0, "delta", map("type", "text_delta", "text", word)))
        : event("response.output_text.delta", inPart(map("delta", word, "logprobs", List.of())));
  }

  /** Returns the events after the last token. */
  List<byte[]> end(boolean cut, String text, int tokens) {
    if (dialect == Dialect.MESSAGES) {
      Map<String, Object> reason =
          map("stop_reason", cut ? "max_tokens" : "end_turn", "stop_sequence", null);
      return List.of(
          event("content_block_stop", map("index", 0)),
          event("message_delta", map("delta", reason, "usage", Map.of("output_tokens", tokens))),
          event("message_stop", map()));
    }
    String status = cut ? "incomplete" : "completed";
    Map<String, Object> whole = item(status, List.of(part(text)));
    Map<String, Object> usage =
        map(
            "input_tokens",
            promptTokens,
            "input_tokens_details",
            Map.of("cached_tokens", 0, "cache_write_tokens", 0));
    usage.putAll(map("output_tokens", tokens, "total_tokens", promptTokens + tokens));
    usage.put("output_tokens_details", Map.of("reasoning_tokens", 0));
    List<byte[]> all = new ArrayList<>();
    all.add(event("response.output_text.done", inPart(map("text", text, "logprobs", List.of()))));
    all.add(event("response.content_part.done", inPart(map("part", part(text)))));
    all.add(event("response.output_item.done", inItem(map("item", whole))));
    Map<String, Object> response = response(status, List.of(whole), usage);
    response.put("incomplete_details", cut ? Map.of("reason", "max_output_tokens") : null);
    all.add(event("response." + status, map("response", response)));
    return all;
  }

  /** Returns the event of an error. */
  byte[] error(Map<String, Object> error) {
    return event("error", error);
  }

  private Map<String, Object> response(String status, List<?> output, Map<String, Object> usage) {
    String id = completion.id().replaceFirst("chatcmpl", "resp");
    Map<String, Object> all = map("id", id, "object", "response", "status", status);
    all.putAll(map("created_at", completion.createdS(), "model", completion.model()));
    all.putAll(map("output", output, "usage", usage, "error", null));
    all.putAll(map("instructions", null, "incomplete_details", null, "metadata", Map.of()));
    all.putAll(map("tools", List.of(), "tool_choice", "auto", "parallel_tool_calls", true));
    all.putAll(map("temperature", 1, "top_p", 1));
    return all;
  }

  private Map<String, Object> item(String status, List<?> content) {
    Map<String, Object> all = map("id", item, "type", "message", "status", status);
    all.putAll(map("role", "assistant", "content", content));
    return all;
  }

  private static Map<String, Object> part(String text) {
    return map("type", "output_text", "text", text, "annotations", List.of());
  }

  private static Map<String, Object> inItem(Map<String, Object> event) {
    event.put("output_index", 0);
    return event;
  }

  private Map<String, Object> inPart(Map<String, Object> event) {
    event.putAll(map("item_id", item, "content_index", 0));
    return inItem(event);
  }

  private byte[] event(String name, Map<String, Object> fields) {
    Map<String, Object> data = map("type", name);
    data.putAll(fields);
    if (dialect == Dialect.RESPONSES) {
      data.put("sequence_number", number++);
    }
    String text = "event: " + name + "\ndata: " + Json.text(data) + "\n\n";
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Returns a map of names and values by turns. */
  private static Map<String, Object> map(Object... namesAndValues) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int at = 0; at < namesAndValues.length; at += 2) {
      map.put((String) namesAndValues[at], namesAndValues[at + 1]);
    }
    return map;
  }
}
