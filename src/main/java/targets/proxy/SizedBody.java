package targets.proxy;

import io.netty.buffer.ByteBuf;

/** A body of a known length; also the body that is absent, of length 0. */
final class SizedBody implements BodyScanner {
  private long left;

  SizedBody(long length) {
    left = length;
  }

  @Override
  public int scan(ByteBuf in, Sink sink) {
    int taken = (int) Math.min(left, in.readableBytes());
    left -= taken;
    if (taken > 0) {
      sink.data(in, in.readerIndex(), taken);
    }
    return in.readerIndex() + taken;
  }

  @Override
  public boolean isWhole() {
    return left == 0;
  }
}
