package report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MarkdownTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '>',
      quoteCharacter = '"',
      value = {
        "a|b > a\\|b",
        "`rm` > \\`rm\\`",
        "*bold* > \\*bold\\*",
        "_bold_ > \\_bold\\_",
        "ttft_p99 > ttft_p99",
        "[a](b) > \\[a\\](b)",
        "<b & &lt; > \\<b \\& \\&lt;",
        "a\\ > a\\\\",
        "~~gone~~ > \\~\\~gone\\~\\~",
        "$x$ > \\$x\\$",
        "see https://elsewhere/ > see https\\://elsewhere/",
        "www.elsewhere > www\\.elsewhere",
        "3 : 1. > 3 : 1."
      })
  void markup_is_shown_literally(String text, String markdown) {
    assertThat(Markdown.text(text)).isEqualTo(markdown);
  }

  @Test
  void a_cell_stays_on_one_line_and_in_its_direction() {
    assertThat(Markdown.text(" a\r\n\tb\u2028c\u202Ed\u001B[31m ")).isEqualTo("a b c d \\[31m");
  }

  @Test
  void an_at_sign_mentions_no_account() {
    assertThat(Markdown.text("@account")).isEqualTo("@\u200Baccount");
  }

  @Test
  void long_text_is_cut_between_characters() {
    assertThat(Markdown.text("😀😀😀😀", 3)).isEqualTo("😀😀…");
    assertThat(Markdown.text("😀😀😀", 3)).isEqualTo("😀😀😀");
  }

  @Test
  void a_name_is_code_only_if_it_has_the_characters_of_one() {
    assertThat(Markdown.name("llm.rss_max")).isEqualTo("`llm.rss_max`");
    assertThat(Markdown.name("a`|b")).isEqualTo("a\\`\\|b");
  }
}
