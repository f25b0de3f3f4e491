package simulations.sse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import simulations.run.Options;

class PromptsTest {
  private static final String PROMPTS =
      """
      {"prompt": "one", "max_tokens": 7, "id": 1}

      {"messages": [{"role": "system", "content": "be brief"}, {"role": "user", "content": "two"}]}
      {"conversations": [{"from": "human", "value": "three"}, {"from": "gpt", "value": "no"}, \
      {"from": "human", "value": "four"}]}
      """;

  /** Turns of conversations as the messages that they add. */
  @ParameterizedTest
  @CsvSource({
    "0, 0, one",
    "0, 1, be brief two", // The entry that follows.
    "1, 0, be brief two",
    "2, 0, three",
    "2, 1, four", // The next human turn.
    "2, 2, be brief two", // Entry 2 + 2, of three.
    "3, 0, one", // Over again.
  })
  void conversations_take_their_turns_in_the_order_of_the_file(
      long conversation, int turn, String texts) {
    Prompts prompts = Prompts.of("p.jsonl", PROMPTS);
    assertThat(
            String.join(
                " ",
                prompts.turn(conversation, turn).stream()
                    .map(message -> message.path("content").asText())
                    .toList()))
        .isEqualTo(texts);
    assertThat(prompts.entry(0).maxTokens()).isEqualTo(OptionalInt.of(7));
    assertThat(prompts.entry(1).maxTokens()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"prompt\":\"a\"}",
        "\uFEFF{\"prompt\":\"a\"}\r\n",
        "[{\"prompt\":\"a\"}]",
        "\n [\n{\"conversations\":[{\"from\":\"user\",\"value\":\"a\"}]}\n]\n",
      })
  void a_file_is_lines_or_one_array(String text) {
    assertThat(Prompts.of("p", text).turn(0, 0)).containsExactly(Prompts.message("user", "a"));
  }

  @Test
  void every_error_of_a_file_is_reported_with_its_line() {
    String text =
        """
        {"prompt": "fine"}
        {"prompt": ""}
        {"prompt": "x", "max_tokens": 0}

        {"messages": [{"role": "user"}]}
        {"conversations": [{"from": "gpt", "value": "no"}]}
        {"prompt": "cut
        """;
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Prompts.of("p.jsonl", text))
        .withMessageStartingWith("'p.jsonl': line 2: has neither a 'prompt' (a text), nor")
        .withMessageContainingAll(
            "line 3: 'max_tokens' is not a whole number from 1 to 1000000",
            "line 5: a message has no 'role' or no 'content'",
            "line 6: none of its 'conversations' is \"from\": \"human\"",
            "line 7: is not JSON: ");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Prompts.of("p.json", "[\n{\"prompt\":\"a\"},\n{},\n{\"prompt\":5}\n"))
        .withMessageContainingAll("line 3: has neither", "line 4: has neither", "is not JSON: ");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Prompts.of("p", "{}\n".repeat(30)))
        .withMessageContainingAll("line 20: ", "and 10 more")
        .withMessageNotContaining("line 21: ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "prompts=none.jsonl | -Dprompts: there is no file 'none.jsonl'; name one, or bundled",
        "prompts=empty      | -Dprompts: 'empty': it holds no prompt",
        "prompts=bundled api=sse | -Dprompts: needs an API with messages: -Dapi=chat, responses or"
            + " messages",
        "turns=2 api=sse    | -Dturns: needs an API with messages: -Dapi=chat, responses or"
            + " messages",
        "rate=5             | -Drate: needs -Darrivals=constant, poisson, gamma or ramp",
        "arrivals=poisson   | -Drate: has no value: how many arrive a second, such as -Drate=20",
        "arrivals=constant rate=50000 service.url=http://a | -Drate: makes more than 1000000"
            + " arrivals; hold for less time",
        "arrivals=constant rate=101 | -Dclients: must be at least 1,010, which this rate keeps busy"
            + " for 10 s each; raise it, with room for chance, or lower -Drate",
        "cancel=1.5         | -Dcancel: '1.5' is not a number from 0.0 to 1.0",
        "cancel-after=soon  | -Dcancel-after: 'soon' is neither a number of tokens such as 20 nor"
            + " a time such as 2s",
        "cancel=0.1 cancel-after=160 | -Dcancel-after: must be 500 ms before the end of a stream at"
            + " least, which takes 10 s",
        "cancel=0.1 cancel-after=9.6s | -Dcancel-after: must be 500 ms before the end of a stream"
            + " at least, which takes 10 s",
      })
  void what_contradicts_is_refused(String options, String error, @TempDir Path folder)
      throws IOException {
    String empty = Files.createFile(folder.resolve("empty")).toString();
    String[] all = ("api=chat " + options.replace("=empty", "=" + empty)).split("[= ]");
    assertThat(
            Options.errors(() -> SseSettings.read(Options.config("sse-battle", all))).stream()
                .map(each -> each.replace(empty, "empty")))
        .containsExactly(error);
  }

  @Test
  void runs_of_other_prompts_under_the_same_name_have_other_settings(@TempDir Path folder)
      throws IOException {
    Path file = folder.resolve("p.jsonl");
    Files.writeString(file, "{\"prompt\": \"abc\"}");
    assertThat(settings("prompts", file.toString()).common().texts())
        .containsEntry("prompts", file.toString())
        .containsEntry("prompts.sha256", "6841d5f1c399");
    Files.writeString(file, "{\"prompt\": \"abd\"}");
    assertThat(settings("prompts", file.toString()).common().texts().get("prompts.sha256"))
        .hasSize(12)
        .isNotEqualTo("6841d5f1c399");
    assertThat(settings("prompts", "bundled").common().texts()).doesNotContainKey("prompts.sha256");
  }

  /** Drawn lengths: the median is that of the option, and the same seed draws the same. */
  @Test
  void prompts_are_filled_up_to_a_length_that_is_drawn() {
    Dialogue plan = settings("prompt-words", "200", "prompt-spread", "0.5").dialogue();
    int[] words =
        IntStream.range(0, 2_000)
            .map(
                seed -> words(new Conversation(plan, 0).next(seed).get(0).path("content").asText()))
            .sorted()
            .toArray();
    assertThat(words[1_000]).isBetween(190, 210);
    // A standard deviation of the logarithm of 0.5: e^0.5 times the median at the 84th percentile.
    assertThat(words[1_683]).isBetween(310, 350);
    assertThat(new Conversation(plan, 0).next(7)).isEqualTo(new Conversation(plan, 0).next(7));
    assertThat(Prompts.parse(Prompts.BUNDLED).entries()).hasSize(16);
  }

  @Test
  void each_turn_sends_all_that_was_said_before() {
    Conversation conversation = new Conversation(settings("turns", "2").dialogue(), 0);
    conversation.next(1);
    conversation.answered("hm");
    assertThat(conversation.next(2))
        .containsExactly(
            Prompts.message("user", "Tell a long story."),
            Prompts.message("assistant", "hm"),
            Prompts.message("user", "Tell a long story."));
    assertThat(conversation.goesOn()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "0.1, 100", "0.25, 250", "1, 1000"})
  void cancelled_requests_are_a_share_spread_evenly(String share, int cancelled) {
    Dialogue plan = settings("cancel", share, "cancel-after", "2s").dialogue();
    boolean[] left = new boolean[1_000];
    for (int number = 0; number < left.length; number++) {
      left[number] = plan.leaving(number).isTimed();
    }
    assertThat(IntStream.range(0, 1_000).filter(at -> left[at]).count()).isEqualTo(cancelled);
    assertThat(IntStream.range(0, 500).filter(at -> left[at]).count()).isEqualTo(cancelled / 2);
  }

  private static int words(String text) {
    return (int) Arrays.stream(text.split(" ")).count();
  }

  private static SseSettings settings(String... namesAndValues) {
    String[] all = Arrays.copyOf(namesAndValues, namesAndValues.length + 2);
    all[namesAndValues.length] = "api";
    all[namesAndValues.length + 1] = "chat";
    return SseSettings.read(Options.config("sse-battle", all));
  }
}
