package targets.llm;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import targets.llm.StreamPlan.Ending;
import targets.shared.Chunks;
import targets.shared.Json;

/**
 * Writes the events of one stream, each an HTTP chunk of its own. What is the same in every event
 * is encoded once; a token costs two array copies and its word.
 *
 * <p>The chunk framing is written here and not by Netty's encoder, which would make three buffers
 * of each token. Stateless but for its constants.
 */
final class EventWriter {
  private static final byte[] DELTA = ascii("{\"index\":0,\"delta\":{\"content\":\"");
  private static final String FIRST = "\",\"role\":\"assistant\"},\"finish_reason\":null}]";
  private static final String LATER = "\"},\"finish_reason\":null}]";
  private static final String NO_USAGE = ",\"usage\":null";
  private static final String END = "}\n\n";
  private static final byte[] DONE = ascii("data: [DONE]\n\n");
  private static final Tails PLAIN = new Tails(FIRST, LATER, "");
  private static final Tails WITH_USAGE = new Tails(FIRST, LATER, NO_USAGE);

  private final byte[] head;
  private final Tails tails;
  private final Framing framing;

  /**
   * @param completion the answer's JSON
   * @param delivery whether events have a usage field, which OpenAI sends as null until the last
   * @param framing the HTTP version's way to mark the end of the body
   */
  EventWriter(Completion completion, ChatRequest.Delivery delivery, Framing framing) {
    this.head = completion.eventHead();
    this.tails = delivery == ChatRequest.Delivery.STREAM_WITH_USAGE ? WITH_USAGE : PLAIN;
    this.framing = framing;
  }

  /** How the end of the body is told. */
  enum Framing {
    /** HTTP/1.1: each event is a chunk. */
    CHUNKED,
    /** HTTP/1.0: the body ends with the connection. */
    UNTIL_CLOSE
  }

  /** An upper bound of one token event's bytes with its framing, for a word of ordinary length. */
  int tokenBytesMax() {
    return head.length + DELTA.length + tails.first.length + 32;
  }

  /**
   * One token.
   *
   * @return the event's bytes, without framing
   */
  int token(ByteBuf out, int step, String word) {
    byte[] tail = step == 0 ? tails.first : tails.later;
    int bytes = head.length + DELTA.length + word.length() + tail.length;
    open(out, bytes);
    out.writeBytes(head).writeBytes(DELTA);
    ByteBufUtil.writeAscii(out, word);
    out.writeBytes(tail);
    close(out);
    return bytes;
  }

  /** The event with the finish reason; returns its bytes. */
  int finish(ByteBuf out, Ending ending) {
    String choice = "{\"index\":0,\"delta\":{},\"finish_reason\":\"" + ending.reason() + "\"}]";
    return rest(out, ascii(choice + tails.usage + END));
  }

  /** The event with the usage figures; returns its bytes. */
  int usage(ByteBuf out, Completion.Usage usage) {
    String json = new String(Json.bytes(usage.asMap()), StandardCharsets.US_ASCII);
    return rest(out, ascii("],\"usage\":" + json + END));
  }

  /** An event with an error in the middle of a stream; returns its bytes. */
  int error(ByteBuf out, Map<String, Object> error) {
    byte[] json = Json.bytes(error);
    int bytes = "data: ".length() + json.length + 2;
    open(out, bytes);
    ByteBufUtil.writeAscii(out, "data: ");
    out.writeBytes(json);
    ByteBufUtil.writeAscii(out, "\n\n");
    close(out);
    return bytes;
  }

  /** The last event; returns its bytes. */
  int done(ByteBuf out) {
    open(out, DONE.length);
    out.writeBytes(DONE);
    close(out);
    return DONE.length;
  }

  private int rest(ByteBuf out, byte[] rest) {
    int bytes = head.length + rest.length;
    open(out, bytes);
    out.writeBytes(head).writeBytes(rest);
    close(out);
    return bytes;
  }

  private void open(ByteBuf out, int bytes) {
    if (framing == Framing.CHUNKED) {
      Chunks.open(out, bytes);
    }
  }

  private void close(ByteBuf out) {
    if (framing == Framing.CHUNKED) {
      Chunks.close(out);
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** What stands after the word. */
  private static final class Tails {
    final byte[] first;
    final byte[] later;
    final String usage;

    Tails(String first, String later, String usage) {
      this.first = ascii(first + usage + END);
      this.later = ascii(later + usage + END);
      this.usage = usage;
    }
  }
}
