package stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A cache filled by several processes, never seen half filled. */
@Timeout(60)
class ProgramCacheTest {
  private static final int BOUND_S = 20;

  @TempDir Path root;
  private ProgramCache cache;

  @BeforeEach
  void make() {
    cache = new ProgramCache(root.resolve("cache"));
  }

  @Test
  void what_could_not_be_filled_is_not_there_and_can_be_filled_later() throws IOException {
    assertThatExceptionOfType(StackFailure.class)
        .isThrownBy(
            () ->
                cache.folder(
                    "program/1",
                    folder -> {
                      Files.writeString(folder.resolve("half"), "x");
                      throw new StackFailure("the line went dead");
                    }))
        .withMessage("the line went dead");
    assertThat(root.resolve("cache/program")).isEmptyDirectory();

    Path filled = cache.folder("program/1", folder -> Files.writeString(folder.resolve("a"), "b"));

    assertThat(filled).isEqualTo(root.resolve("cache/program/1"));
    assertThat(filled.resolve("a")).hasContent("b");
  }

  @Test
  void what_another_process_left_half_filled_when_it_was_killed_is_never_used() throws IOException {
    Files.createDirectories(root.resolve("cache/program/.half123/bin"));

    Path filled = cache.folder("program/1", folder -> Files.writeString(folder.resolve("a"), "b"));

    assertThat(filled.resolve("bin")).doesNotExist();
  }

  @Test
  void one_process_waits_for_another() throws Exception {
    try (Processes.Jvm other = Processes.Jvm.start(root, Holder.class, cache.root())) {
      assertThat(other.line()).isEqualTo("held");
      CompletableFuture<Path> filled =
          CompletableFuture.supplyAsync(() -> cache.folder("program/1", folder -> {}));
      assertThat(filled).isNotDone();
      other.process().getOutputStream().close();
      assertThat(filled.get(BOUND_S, TimeUnit.SECONDS).resolve("by the other")).exists();
    }
  }

  /** Fills the same folder, slowly: until its input ends. */
  static final class Holder {
    private Holder() {}

    public static void main(String[] args) {
      new ProgramCache(Path.of(args[0]))
          .folder(
              "program/1",
              folder -> {
                Files.writeString(folder.resolve("by the other"), "");
                Processes.Jvm.printAndWait("held");
              });
    }
  }
}
