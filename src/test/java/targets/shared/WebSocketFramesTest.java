package targets.shared;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class WebSocketFramesTest {
  private static final ByteBufAllocator MEMORY = UnpooledByteBufAllocator.DEFAULT;

  @ParameterizedTest
  @CsvSource({"0,2", "125,2", "126,4", "65535,4", "65536,10"})
  void a_frame_has_the_shortest_length_field(int length, int head) {
    ByteBuf frame = WebSocketFrames.text(MEMORY, new byte[length]);
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

  @ParameterizedTest
  @EnumSource(CloseReason.class)
  void a_close_has_its_code_and_a_reason_that_fits(CloseReason why) {
    assertThat(why.text.getBytes(StandardCharsets.UTF_8))
        .hasSizeLessThanOrEqualTo(WebSocketFrames.REASON_BYTES_MAX);
    assertThat(bytes(WebSocketFrames.close(MEMORY, why.code, why.text)))
        .startsWith(0x88, 2 + why.text.length(), why.code >> 8, why.code & 255);
  }

  @Test
  void a_close_without_a_code_is_answered_without_one() {
    assertThat(bytes(WebSocketFrames.close(MEMORY, CloseReason.NO_CODE, "")))
        .containsExactly(0x88, 0);
  }

  private static byte[] bytes(ByteBuf frame) {
    byte[] bytes = ByteBufUtil.getBytes(frame);
    frame.release();
    return bytes;
  }
}
