package simulations.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.TooLongFrameException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SseDecoderTest {
  private final List<String> events = new ArrayList<>();
  private final SseDecoder decoder = decoder();

  private SseDecoder decoder() {
    return new SseDecoder(
        (name, id, data, length) ->
            events.add(name + "=" + new String(data, 0, length, StandardCharsets.UTF_8))
                && events.contains("=stop"));
  }

  /** Lines are divided by a slash, R stands for CR, N for LF, B for a byte order mark. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "plain                      | data: a//data: b//                 | =a, =b",
        "no space                   | data:a//                           | =a",
        "one space is removed       | data:  a //                        | = a ",
        "CR LF                      | data: aRNRNdata: bRNRN             | =a, =b",
        "CR                         | data: aRRdata: bRR                 | =a, =b",
        "byte order mark            | Bdata: a//                         | =a",
        "only the first one         | data: a//Bdata: b//data: c//       | =a, =c",
        "several lines              | data: a/data/data: b//             | =a++b",
        "an empty event             | data//                             | =",
        "name                       | event: ping/data: {}//data: a//    | ping={}, =a",
        "name without data          | event: ping//data: a//             | =a",
        "comments                   | : hello/:/data: a/: more//         | =a",
        "id and retry               | id: 7/data: a/retry: 3000//retry: 5// | =a",
        "done with retry            | data: [DONE]/retry: 3000//         | =[DONE]",
        "malformed retry            | retry: none/data: a//              | =a",
        "unknown field              | dataset: x/data: a/rubbish//       | =a",
        "cut short                  | data: a//data: b/                  | =a",
        "two and four bytes         | data: ü 漢 😀//                     | =ü 漢 😀",
      })
  void a_stream_is_decoded_however_it_is_cut(String what, String stream, String expected) {
    byte[] bytes =
        stream
            .strip()
            .replace('/', '\n')
            .replace('R', '\r')
            .replaceAll("\rN", "\r\n")
            .replace("B", "\uFEFF")
            .getBytes(StandardCharsets.UTF_8);
    for (int size = 1; size <= bytes.length; size++) {
      events.clear();
      SseDecoder each = decoder();
      for (int from = 0; from < bytes.length; from += size) {
        byte[] part = Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + size));
        assertThat(each.feed(Unpooled.wrappedBuffer(part))).isFalse();
      }
      assertThat(String.join(",", events).replace('\n', '+').strip())
          .as("%s in parts of %d bytes", what, size)
          .isEqualTo(expected.replace(", ", ",").strip());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "id: 7, 7",
    "id:0, 0",
    "id, -1",
    "id: , -1",
    "id: 7a, -1",
    "id: 1e400, -1",
    "x: 7, -1"
  })
  void the_number_of_an_event_is_that_of_its_own_id(String line, long number) {
    List<Long> ids = new ArrayList<>();
    String stream = "id: 9\ndata: a\n\n" + line + "\ndata: b\n\n";
    new SseDecoder((name, id, data, length) -> !ids.add(id))
        .feed(Unpooled.copiedBuffer(stream, StandardCharsets.UTF_8));

    assertThat(ids).containsExactly(9L, number);
  }

  @Test
  void nothing_is_decoded_after_the_event_that_is_enough() {
    assertThat(feed("data: a\n\ndata: stop\n\ndata: more\n\n")).isTrue();
    assertThat(events).containsExactly("=a", "=stop");
  }

  @Test
  void an_event_that_never_ends_is_an_error() {
    String line = "data: " + "x".repeat(1 << 20) + "\n";
    assertThatThrownBy(() -> feed(line.repeat(17)))
        .isInstanceOf(TooLongFrameException.class)
        .hasMessage("An event has more than 16777216 bytes.");
  }

  private boolean feed(String text) {
    return decoder.feed(Unpooled.copiedBuffer(text, StandardCharsets.UTF_8));
  }
}
