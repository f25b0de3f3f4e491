package gauntlet;

import static gauntlet.CommandLineRun.sample;
import static gauntlet.CommandLineRun.three;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import verdict.SampleRun;

class CompareCommandTest {
  @TempDir private Path folder;

  @Test
  void what_moved_more_than_chance_is_shown_with_what_the_runs_differ_in() throws IOException {
    List<Path> old = three(folder, "aaaa", 10);
    List<Path> slow = three(folder, "bbbb", 15);
    String out = compare(old, slow).ending(ExitCode.OK).out();
    assertThat(out)
        .contains("from  3 runs of SseBattleSimulation.smoke", "commit bbbb instead of aaaa")
        .containsPattern("\n  ttft.p50 +10.1 -> 15.2 ms  \\+50.0 %  \\(worse, noise")
        .contains("what chance explains")
        .doesNotContain("goodput ");
    assertThat(compare(slow, old).out()).contains("(better, noise").doesNotContain("note:");
    Path broken = sample("bbbb", 9, 5).broken().write(folder.resolve("broken"));
    assertThat(compare(old, List.of(broken)).out())
        .endsWith("note: " + broken + " is FAIL: A token came out of order.\n");
  }

  @Test
  void a_small_move_is_one_of_chance_and_single_runs_say_that_they_cannot_tell()
      throws IOException {
    assertThat(compare(three(folder, "aaaa", 10), three(folder, "bbbb", 10.05)).out())
        .doesNotContain("worse", "better");
    List<Path> one = List.of(sample("cccc", 3, 10).write(folder.resolve("c")));
    List<Path> other = List.of(sample("cccc", 4, 10.05).write(folder.resolve("d")));
    assertThat(compare(one, other).out())
        .contains("ttft.p50", "A single run on a side does not tell change from chance");
  }

  @Test
  void a_peer_is_a_difference_and_a_figure_of_one_side_is_named() throws IOException {
    SampleRun peer = sample("aaaa", 5, 10);
    peer.settings.put("proxy.peer", "nginx");
    peer.with("proxy.rss_max", 12);
    assertThat(compare(three(folder, "aaaa", 10), List.of(peer.write(folder.resolve("p")))).out())
        .contains("      proxy.peer nginx instead of none", "Not in all runs: proxy.rss_max.");
  }

  @Test
  void runs_that_cannot_be_compared_are_refused_by_name() throws IOException {
    List<Path> old = three(folder, "aaaa", 10);
    SampleRun other = sample("aaaa", 5, 10);
    other.simulation = "FanOutSimulation";
    Path fanOut = other.write(folder.resolve("fan"));
    compare(old, List.of(fanOut)).refused(fanOut + " is a run of FanOutSimulation");
    Path invalid = sample("aaaa", 6, 10).invalid().write(folder.resolve("invalid"));
    compare(old, List.of(invalid)).refused(invalid + " is INVALID", "The injector was late.");
    compare(old, old.subList(0, 1)).refused(old.get(0) + " is given 2 times");
    SampleRun wide = sample("aaaa", 7, 10);
    wide.settings.put("clients", "200");
    List<Path> mixed = List.of(old.get(0), wide.write(folder.resolve("wide")));
    compare(mixed, old.subList(1, 3)).refused("is unlike", "clients 200 instead of 100");
    compare(old, List.of(folder.resolve("none"))).refused(folder.resolve("none").toString());
    CommandLineRun.of("compare", old).refused("--with");
  }

  private static CommandLineRun compare(List<Path> from, List<Path> to) {
    return CommandLineRun.of("compare", from, "--with", to);
  }
}
