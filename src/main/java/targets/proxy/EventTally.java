package targets.proxy;

import io.netty.buffer.ByteBuf;

/** Counts the events of one response while its bytes go by. Used by one event loop. */
public interface EventTally extends BodyScanner.Sink {
  /** Counts nothing: for responses that are no event streams. */
  EventTally NONE = (in, from, length) -> {};

  /** Returns the events counted since the stream began; read at each flush. */
  default long events() {
    return 0;
  }

  /**
   * Counts blocks that a blank line terminates, with LF, CRLF or CR line ends in any mixture, and
   * with any split of the bytes. A block of comment lines only is no event. It looks at line ends
   * and at each line's first byte and at nothing else.
   */
  final class Blocks implements EventTally {
    private static final byte CR = '\r';
    private static final byte LF = '\n';

    private long events;
    private boolean atLineStart = true;
    private boolean afterCr;
    private boolean inBlock;

    @Override
    public void data(ByteBuf in, int from, int length) {
      int end = from + length;
      // Token streams hardly ever hold a CR, and then most bytes can be leapt over.
      boolean mayLeap = in.indexOf(from, end, CR) < 0;
      int at = from;
      while (at < end) {
        if (mayLeap && !atLineStart) {
          at = in.indexOf(at, end, LF);
          if (at < 0) {
            return;
          }
        }
        step(in.getByte(at++));
      }
    }

    @Override
    public long events() {
      return events;
    }

    private void step(byte value) {
      boolean secondHalf = afterCr && value == LF;
      afterCr = value == CR;
      if (secondHalf) {
        return;
      }
      if (value == LF || value == CR) {
        if (atLineStart && inBlock) {
          events++;
          inBlock = false;
        }
        atLineStart = true;
      } else if (atLineStart) {
        atLineStart = false;
        inBlock |= value != ':';
      }
    }
  }
}
