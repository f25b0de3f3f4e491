package targets.events;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/** The events of one stream, in their order. Used by the stream's event loop. */
interface Source {
  /** The next event is not published yet. */
  long LATER = Long.MAX_VALUE;

  /** The last event is written. */
  long OVER = Long.MAX_VALUE - 1;

  /** Returns when the next event is due, by the server's monotonic clock in ns. */
  long dueNs();

  /** Writes the next event. */
  void write(ByteBuf out);

  /** The stream is over; called once. */
  default void close() {}

  /**
   * Numbered events at a set pace. The due times are absolute, so that lateness never adds up: the
   * k-th event of the stream, from 0, is due at its start + k * delay.
   */
  final class Numbered implements Source {
    private static final String ID = "id: ";
    private static final String DATA = "\ndata: event-";

    /** Bytes of the payload of a slow stream. */
    private static final int PAYLOAD = 4096;

    private final StreamRequest request;
    private final long first;
    private final long startNs;
    private long next;

    /** The next event: both of its numbers are counted up where they stand. */
    private byte[] event;

    /** Places of the last digits of these numbers. */
    private int idAt;

    private int dataAt;

    Numbered(StreamRequest request, long startNs) {
      this.request = request;
      this.first = request.lastEventId().orElse(0) + 1;
      this.startNs = startNs;
      this.next = first;
      encode();
    }

    @Override
    public long dueNs() {
      return next > request.last() ? OVER : startNs + (next - first) * request.delayNs();
    }

    @Override
    public void write(ByteBuf out) {
      out.writeBytes(event);
      next++;
      if (!(countUp(idAt) && countUp(dataAt))) {
        encode(); // The number has one digit more.
      }
    }

    private boolean countUp(int lastDigit) {
      int at = lastDigit;
      while (event[at] == '9') {
        event[at--] = '0';
      }
      event[at]++;
      return event[at] > '0';
    }

    private void encode() {
      String text = ID + next + DATA + next;
      boolean isSlow = request.kind() == StreamRequest.Kind.SLOW;
      int length = ID.length() + ("" + next).length() + DATA.indexOf('e') + PAYLOAD;
      String padding = isSlow ? " " + "x".repeat(length - text.length() - 1) : "";
      event = (text + padding + "\n\n").getBytes(StandardCharsets.US_ASCII);
      dataAt = text.length() - 1;
      idAt = text.indexOf('\n') - 1;
    }
  }
}
