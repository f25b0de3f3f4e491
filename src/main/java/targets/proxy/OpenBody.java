package targets.proxy;

import io.netty.buffer.ByteBuf;

/** A body that the end of its connection ends. */
final class OpenBody implements BodyScanner {
  @Override
  public int scan(ByteBuf in, Sink sink) {
    if (in.isReadable()) {
      sink.data(in, in.readerIndex(), in.readableBytes());
    }
    return in.writerIndex();
  }

  @Override
  public boolean isWhole() {
    return false;
  }

  @Override
  public boolean endsWithConnection() {
    return true;
  }
}
