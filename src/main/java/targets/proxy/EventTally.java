package targets.proxy;

import io.netty.buffer.ByteBuf;

/** Counts the events of one response while its bytes go by. Used by one event loop. */
public interface EventTally {
  /** Takes content bytes, without any transfer framing; the buffer is not changed. */
  void data(ByteBuf in, int from, int length);

  /** Returns the events counted since the stream began; read at each flush. */
  long events();

  /** Counts nothing: for responses that are no event streams. */
  final class None implements EventTally {
    @Override
    public void data(ByteBuf in, int from, int length) {}

    @Override
    public long events() {
      return 0;
    }
  }
}
