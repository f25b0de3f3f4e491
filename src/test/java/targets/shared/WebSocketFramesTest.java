package targets.shared;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WebSocketFramesTest {
  @ParameterizedTest
  @CsvSource({"0,2", "125,2", "126,4", "65535,4", "65536,10"})
  void a_frame_has_the_shortest_length_field(int length, int head) {
    ByteBuf frame = WebSocketFrames.text(UnpooledByteBufAllocator.DEFAULT, new byte[length]);
    assertThat(frame.readableBytes()).isEqualTo(head + length);
    assertThat(frame.readUnsignedByte()).isEqualTo((short) 0x81);
    int first = frame.readUnsignedByte();
    long written =
        switch (first) {
          case 126 -> frame.readUnsignedShort();
          case 127 -> frame.readLong();
          default -> first;
        };
    assertThat(written).isEqualTo(length);
    frame.release();
  }
}
