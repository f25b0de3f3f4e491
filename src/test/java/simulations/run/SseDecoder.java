package simulations.run;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.util.ByteProcessor;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Decodes the bytes of one event stream by the rules of the HTML standard (section 9.2.6). Used by
 * one thread.
 */
public final class SseDecoder {
  private static final int EVENT_BYTES_MAX = 16 << 20;
  private static final byte[] BOM = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};
  private static final byte[] DATA = "data".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] ID = "id".getBytes(StandardCharsets.US_ASCII);
  private static final int DIGITS_MAX = 18;
  private static final byte[] EVENT = "event".getBytes(StandardCharsets.US_ASCII);

  private final Sink sink;
  private final Bytes line = new Bytes();
  private final Bytes data = new Bytes();
  private String name = "";
  private long id = -1;
  private boolean hasData;
  private boolean begun;
  private boolean afterCr;

  /** Returns whether the sink has expected the stream's end, which has come. */
  boolean isWhole() {
    return sink.isWhole();
  }

  /** Returns how long the sink's client stays after it has had enough, in ns. */
  long lingersNs() {
    return sink.lingersNs();
  }

  /** Receives the events. */
  @FunctionalInterface
  public interface Sink {
    /**
     * Receives an event.
     *
     * @param name empty if it has none
     * @param id the number in its id; -1 if it has none
     * @param data of which only the first bytes are the event's, until this returns
     * @param length number of those bytes
     * @return true if no further event is expected
     */
    boolean on(String name, long id, byte[] data, int length);

    /** Returns whether a stream that ends now, in order, is whole though more was expected. */
    default boolean isWhole() {
      return false;
    }

    /**
     * Returns how long, in ns, a client that has had enough stays before it goes on: thousands that
     * have their last event in one moment would keep the generator from reading it.
     */
    default long lingersNs() {
      return 0;
    }
  }

  public SseDecoder(Sink sink) {
    this.sink = sink;
  }

  /**
   * Decodes the next bytes of the stream.
   *
   * @return true once the sink expects no further event; what follows is not decoded
   * @throws TooLongFrameException if an event has more than 16 MiB
   */
  public boolean feed(ByteBuf in) {
    while (in.isReadable()) {
      if (afterCr && in.getByte(in.readerIndex()) == '\n') {
        in.skipBytes(1);
      }
      afterCr = false;
      int end = in.forEachByte(ByteProcessor.FIND_CRLF);
      line.read(in, (end < 0 ? in.writerIndex() : end) - in.readerIndex());
      if (end < 0) {
        return false;
      }
      afterCr = in.readByte() == '\r';
      if (endLine()) {
        return true;
      }
    }
    return false;
  }

  /** Returns the number that the bytes of a range write; -1 if they write none, or a longer one. */
  public static long number(byte[] bytes, int from, int to) {
    long number = from < to && to - from <= DIGITS_MAX ? 0 : -1;
    for (int at = from; at < to && number >= 0; at++) {
      int digit = bytes[at] - '0';
      number = digit >= 0 && digit <= 9 ? 10 * number + digit : -1;
    }
    return number;
  }

  private boolean endLine() {
    int from = 0;
    if (!begun) {
      begun = true;
      from = line.startsWith(BOM, BOM.length) ? BOM.length : 0;
    }
    if (line.length == from) {
      line.length = 0;
      return dispatch();
    }
    int colon = from;
    while (colon < line.length && line.bytes[colon] != ':') {
      colon++;
    }
    int value = colon + 1 < line.length && line.bytes[colon + 1] == ' ' ? colon + 2 : colon + 1;
    value = Math.min(value, line.length);
    if (line.is(DATA, from, colon)) {
      if (hasData) {
        data.add((byte) '\n');
      }
      hasData = true;
      data.add(line, value);
    } else if (line.is(EVENT, from, colon)) {
      name = new String(line.bytes, value, line.length - value, StandardCharsets.UTF_8);
    } else if (line.is(ID, from, colon)) {
      id = number(line.bytes, value, line.length);
    }
    line.length = 0;
    return false;
  }

  private boolean dispatch() {
    boolean enough = hasData && sink.on(name, id, data.bytes, data.length);
    name = "";
    id = -1;
    hasData = false;
    data.length = 0;
    return enough;
  }

  /** Bytes of one line or event; the array grows. */
  private static final class Bytes {
    private byte[] bytes = new byte[512];
    private int length;

    private void read(ByteBuf in, int more) {
      ensure(more);
      in.readBytes(bytes, length, more);
      length += more;
    }

    private void add(Bytes other, int from) {
      int more = other.length - from;
      ensure(more);
      System.arraycopy(other.bytes, from, bytes, length, more);
      length += more;
    }

    private void add(byte one) {
      ensure(1);
      bytes[length++] = one;
    }

    private void ensure(int more) {
      if (length + more > EVENT_BYTES_MAX) {
        throw new TooLongFrameException("An event has more than " + EVENT_BYTES_MAX + " bytes.");
      }
      if (length + more > bytes.length) {
        bytes = Arrays.copyOf(bytes, Math.max(length + more, 2 * bytes.length));
      }
    }

    private boolean is(byte[] word, int from, int to) {
      return Arrays.equals(bytes, from, to, word, 0, word.length);
    }

    private boolean startsWith(byte[] word, int size) {
      return length >= size && is(word, 0, size);
    }
  }
}
