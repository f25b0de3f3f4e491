package report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.NullNode;
import org.junit.jupiter.api.Test;

final class JsonNumbersTest {
  @Test
  void shows_a_dash_where_there_is_no_number() {
    assertThat(JsonNumbers.plain(NullNode.getInstance(), "%")).isEqualTo("–");
    assertThat(JsonNumbers.plain(DoubleNode.valueOf(99.96), "%")).isEqualTo("99.96");
    assertThat(JsonNumbers.plain(DoubleNode.valueOf(99.96), "ms")).isEqualTo("100.0");
  }

  @Test
  void counts_megabytes_in_millions() {
    assertThat(JsonNumbers.megabytes(216_900_000)).isEqualTo("217 MB");
  }
}
