package bench;

import io.netty.buffer.ByteBuf;

/** Finds the ends of events: blank lines with LF line ends, however the bytes are split. */
final class BlankLines {
  private static final byte LF = '\n';

  private boolean lineIsEmpty;

  /** How many events end in the readable bytes; the buffer stays as it is. */
  int in(ByteBuf bytes) {
    int at = bytes.readerIndex();
    int end = bytes.writerIndex();
    int found = 0;
    while (at < end) {
      int lf = bytes.indexOf(at, end, LF);
      if (lf < 0) {
        lineIsEmpty = false;
        return found;
      }
      if (lf == at && lineIsEmpty) {
        found++;
      }
      lineIsEmpty = true;
      at = lf + 1;
    }
    return found;
  }
}
