package targets.events;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import targets.shared.SseBody;

/** The events of one stream, in their order. Used by the stream's event loop. */
interface Source {
  /** The next event is not published yet. */
  long LATER = Long.MAX_VALUE;

  /** The last event is written. */
  long OVER = Long.MAX_VALUE - 1;

  /** Returns when the next event is due, by the server's monotonic clock in ns. */
  long dueNs();

  /** Writes the next event with its framing. */
  void write(ByteBuf out, SseBody body);

  /** The stream is over; called once. */
  default void close() {}

  /**
   * Numbered events at a set pace. The due times are absolute, so that lateness never adds up: the
   * k-th event of the stream, from 0, is due at its start + k * delay.
   */
  final class Numbered implements Source {
    private static final byte[] ID = ascii("id: ");
    private static final byte[] DATA = ascii("\ndata: event-");
    private static final byte[] END = ascii("\n\n");

    /** Bytes of the payload of a slow stream. */
    private static final int PAYLOAD = 4096;

    private static final byte[] PADDING = ascii(" " + "x".repeat(PAYLOAD));

    private final StreamRequest request;
    private final long first;
    private final long startNs;
    private long next;

    Numbered(StreamRequest request, long startNs) {
      this.request = request;
      this.first = request.lastEventId().orElse(0) + 1;
      this.startNs = startNs;
      this.next = first;
    }

    @Override
    public long dueNs() {
      return next > request.last() ? OVER : startNs + (next - first) * request.delayNs();
    }

    @Override
    public void write(ByteBuf out, SseBody body) {
      String number = Long.toString(next++);
      boolean isSlow = request.kind() == StreamRequest.Kind.SLOW;
      int padded = isSlow ? PAYLOAD - "event-".length() - number.length() : 0;
      body.open(out, ID.length + DATA.length + END.length + 2 * number.length() + padded);
      ByteBufUtil.writeAscii(out.writeBytes(ID), number);
      ByteBufUtil.writeAscii(out.writeBytes(DATA), number);
      body.close(out.writeBytes(PADDING, 0, padded).writeBytes(END));
    }

    private static byte[] ascii(String text) {
      return text.getBytes(StandardCharsets.US_ASCII);
    }
  }
}
