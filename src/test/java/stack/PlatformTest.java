package stack;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Java's words for systems and processors. */
class PlatformTest {
  @ParameterizedTest
  @CsvSource({
    "Linux, amd64, LINUX_AMD64",
    "Linux, x86_64, LINUX_AMD64",
    "Linux, aarch64, LINUX_ARM64",
    "Mac OS X, x86_64, MAC_AMD64",
    "Mac OS X, aarch64, MAC_ARM64",
  })
  void a_system_is_known_by_javas_words(String name, String processor, Platform platform) {
    assertThat(Platform.of(name, processor)).hasValue(platform);
  }

  @ParameterizedTest
  @CsvSource({"Linux, riscv64", "Windows 11, amd64", "FreeBSD, amd64"})
  void another_one_is_none(String name, String processor) {
    assertThat(Platform.of(name, processor)).isEmpty();
  }
}
