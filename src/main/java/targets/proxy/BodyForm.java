package targets.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;

/**
 * How a response body is framed towards the client. For each read the scanner first hands over the
 * pieces of content, then the whole read is handed over with {@link #raw}. Used by one event loop.
 */
abstract sealed class BodyForm implements BodyScanner.Sink {
  final EventTally tally;
  final Outlet outlet;

  private BodyForm(EventTally tally, Outlet outlet) {
    this.tally = tally;
    this.outlet = outlet;
  }

  /**
   * Takes one read with its framing, and its ownership.
   *
   * @return bytes passed on because of this read
   */
  abstract int raw(ByteBuf in);

  /** Writes what ends the body, where this form has an end of its own. */
  void end() {}

  /** The upstream's own framing, passed on as it is: nothing is copied, nothing is written anew. */
  static final class Same extends BodyForm {
    Same(EventTally tally, Outlet outlet) {
      super(tally, outlet);
    }

    @Override
    public void data(ByteBuf in, int from, int length) {
      tally.data(in, from, length);
    }

    @Override
    int raw(ByteBuf in) {
      int length = in.readableBytes();
      outlet.write(in);
      return length;
    }
  }

  /** Content only, ended by the end of the connection: for HTTP/1.0 clients. */
  static final class Plain extends BodyForm {
    private int passed;

    Plain(EventTally tally, Outlet outlet) {
      super(tally, outlet);
    }

    @Override
    public void data(ByteBuf in, int from, int length) {
      tally.data(in, from, length);
      outlet.write(in.retainedSlice(from, length));
      passed += length;
    }

    @Override
    int raw(ByteBuf in) {
      in.release();
      int length = passed;
      passed = 0;
      return length;
    }
  }

  /**
   * Chunks written anew: only for defects that change content or ends. Withheld is at most one
   * byte.
   */
  static final class Rechunked extends BodyForm {
    /** What becomes of the content's very last newline. */
    enum LastNewline {
      SENT,
      WITHHELD
    }

    private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final LastNewline lastNewline;
    private boolean holding;
    private int passed;

    Rechunked(EventTally tally, Outlet outlet, LastNewline lastNewline) {
      super(tally, outlet);
      this.lastNewline = lastNewline;
    }

    @Override
    public void data(ByteBuf in, int from, int length) {
      tally.data(in, from, length);
      boolean hold = lastNewline == LastNewline.WITHHELD && in.getByte(from + length - 1) == '\n';
      int kept = hold ? 1 : 0;
      int size = length - kept + (holding ? 1 : 0);
      if (size > 0) {
        ByteBuf chunk = in.alloc().buffer(size + 12);
        ByteBufUtil.writeAscii(chunk, Integer.toHexString(size) + "\r\n");
        if (holding) {
          chunk.writeByte('\n');
        }
        chunk.writeBytes(in, from, length - kept).writeShort(('\r' << 8) | '\n');
        passed += chunk.readableBytes();
        outlet.write(chunk);
      }
      holding = hold;
    }

    @Override
    int raw(ByteBuf in) {
      in.release();
      int length = passed;
      passed = 0;
      return length;
    }

    @Override
    void end() {
      outlet.write(Unpooled.wrappedBuffer(LAST_CHUNK));
    }
  }
}
