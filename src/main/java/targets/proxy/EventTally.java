package targets.proxy;

import io.netty.buffer.ByteBuf;

/** Counts the events of one response while its bytes go by. Used by one event loop. */
interface EventTally {
  /** Counts nothing: for responses that are no event streams. */
  EventTally NONE =
      new EventTally() {
        @Override
        public void data(ByteBuf in, int from, int length) {}

        @Override
        public void flushed() {}

        @Override
        public long events() {
          return 0;
        }
      };

  /** Takes content bytes, without any transfer framing; the buffer is not changed. */
  void data(ByteBuf in, int from, int length);

  /** What was taken so far now goes to the client's socket. */
  void flushed();

  /** Events counted since the stream began. */
  long events();
}
