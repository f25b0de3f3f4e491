package stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A cache that several fill, and that nobody finds half filled. */
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
    Process other =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx32m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Holder.class.getName(),
                cache.root().toString())
            .redirectError(root.resolve("holder.log").toFile())
            .start();
    try (BufferedReader output =
        new BufferedReader(new InputStreamReader(other.getInputStream(), StandardCharsets.UTF_8))) {
      assertThat(output.readLine())
          .as(Files.readString(root.resolve("holder.log")))
          .isEqualTo("held");
      CompletableFuture<Path> filled =
          CompletableFuture.supplyAsync(() -> cache.folder("program/1", folder -> {}));

      assertThat(filled).isNotDone();
      other.getOutputStream().close();

      assertThat(filled.get(BOUND_S, TimeUnit.SECONDS).resolve("by the other")).exists();
    } finally {
      other.destroyForcibly();
    }
  }

  /** Fills the same folder, and takes its time until its input ends. */
  static final class Holder {
    private Holder() {}

    public static void main(String[] args) {
      new ProgramCache(Path.of(args[0]))
          .folder(
              "program/1",
              folder -> {
                Files.writeString(folder.resolve("by the other"), "");
                try (var out = new FileOutputStream(FileDescriptor.out)) {
                  out.write("held\n".getBytes(StandardCharsets.UTF_8));
                }
                int end = System.in.read();
                assertThat(end).isEqualTo(-1);
              });
    }
  }
}
