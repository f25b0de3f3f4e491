package targets.llm;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import targets.llm.StreamPlan.Ending;
import targets.shared.Json;
import targets.shared.SseBody;

/**
 * Writes the events of one stream and counts them. What is the same in every event is encoded once;
 * a token costs two array copies and its word.
 */
final class EventWriter {
  private static final byte[] NOTHING = {};
  private static final byte[] DATA = ascii("data: ");
  private static final byte[] DELTA = ascii("{\"index\":0,\"delta\":{\"content\":\"");
  private static final byte[] DONE = ascii("[DONE]\n\n");
  private static final Tails PLAIN = new Tails("");
  private static final Tails WITH_USAGE = new Tails(",\"usage\":null");

  private final Optional<NamedEvents> named;
  private final byte[] head;
  private final Tails tails;
  private final SseBody body;
  private int events;
  private int bytes;

  EventWriter(Completion completion, ChatRequest request, SseBody body) {
    Dialect dialect = request.dialect();
    this.named =
        dialect == Dialect.CHAT
            ? Optional.empty()
            : Optional.of(new NamedEvents(dialect, completion, request.promptTokens()));
    this.head = completion.eventHead();
    this.tails = request.delivery() == ChatRequest.Delivery.STREAM_WITH_USAGE ? WITH_USAGE : PLAIN;
    this.body = body;
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
    return head.length + DELTA.length + tails.first.length + 32;
  }

  /** Writes the events before the first token, if there are any. */
  void begin(ByteBuf out) {
    named.ifPresent(events -> events.begin().forEach(event -> event(out, NOTHING, event)));
  }

  void token(ByteBuf out, int step, String word) {
    if (named.isPresent()) {
      event(out, NOTHING, named.get().token(word));
      return;
    }
    byte[] tail = step == 0 ? tails.first : tails.later;
    open(out, head.length + DELTA.length + word.length() + tail.length);
    out.writeBytes(head).writeBytes(DELTA);
    ByteBufUtil.writeAscii(out, word);
    body.close(out.writeBytes(tail));
  }

  /**
   * Writes the events after the last token.
   *
   * @param text of all tokens
   */
  void end(ByteBuf out, Ending ending, Supplier<String> text, Completion.Usage usage) {
    if (named.isPresent()) {
      named
          .get()
          .end(ending == Ending.LENGTH, text.get(), usage.completionTokens())
          .forEach(event -> event(out, NOTHING, event));
      return;
    }
    finish(out, ending);
    if (tails == WITH_USAGE) {
      usage(out, usage);
    }
    event(out, DATA, DONE);
  }

  private void finish(ByteBuf out, Ending ending) {
    String choice = "{\"index\":0,\"delta\":{},\"finish_reason\":\"" + ending.reason() + "\"}]";
    event(out, head, ascii(choice + tails.end));
  }

  private void usage(ByteBuf out, Completion.Usage usage) {
    String json = new String(Json.bytes(usage), StandardCharsets.US_ASCII);
    event(out, head, ascii("],\"usage\":" + json + Tails.END));
  }

  /** Writes an error in place of what is left. */
  void error(ByteBuf out, Map<String, Object> error) {
    if (named.isPresent()) {
      event(out, NOTHING, named.get().error(error));
      return;
    }
    event(out, DATA, (Json.text(error) + "\n\n").getBytes(StandardCharsets.UTF_8));
    event(out, DATA, DONE);
  }

  private void event(ByteBuf out, byte[] first, byte[] rest) {
    open(out, first.length + rest.length);
    body.close(out.writeBytes(first).writeBytes(rest));
  }

  private void open(ByteBuf out, int length) {
    events++;
    bytes += length;
    body.open(out, length);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** The bytes behind the word. */
  private static final class Tails {
    static final String END = "}\n\n";

    final byte[] first;
    final byte[] later;
    final String end;

    Tails(String usage) {
      end = usage + END;
      first = ascii("\",\"role\":\"assistant\"},\"finish_reason\":null}]" + end);
      later = ascii("\"},\"finish_reason\":null}]" + end);
    }
  }
}
