package kpi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFolderTest {
  private static final Instant START = Instant.parse("2026-11-21T04:05:06.789Z");

  @TempDir Path root;

  @Test
  void a_folder_is_named_by_simulation_profile_and_time() throws IOException {
    RunFolder folder = RunFolder.create(root, "SseBattleSimulation", "heavy", START, "");
    assertThat(folder.path())
        .isEqualTo(root.resolve("SseBattleSimulation.heavy/2026-11-21T04-05-06.789Z"))
        .isDirectory();
    assertThat(folder.log("llm")).isEqualTo(folder.path().resolve("logs/llm.log"));
    assertThat(folder.path().resolve("logs")).isEmptyDirectory();
    assertThatExceptionOfType(FileAlreadyExistsException.class)
        .as("two runs never share a folder")
        .isThrownBy(() -> RunFolder.create(root, "SseBattleSimulation", "heavy", START, ""));
  }

  @Test
  void latest_follows_the_newest_run_of_any_simulation() throws IOException {
    RunFolder.create(root, "A", "light", START, "");
    RunFolder second = RunFolder.create(root, "B", "heavy", START.plusSeconds(1), "");
    Path latest = root.resolve("latest");
    assertThat(latest).isSymbolicLink();
    assertThat(Files.readSymbolicLink(latest)).isRelative();
    assertThat(latest.toRealPath()).isEqualTo(second.path().toRealPath());
    assertThat(names(root)).containsExactly("A.light", "B.heavy", "latest");
  }

  @Test
  void a_latest_link_that_leads_nowhere_is_replaced() throws IOException {
    Files.createSymbolicLink(root.resolve("latest"), Path.of("gone"));
    RunFolder folder = RunFolder.create(root, "A", "light", START, "");
    assertThat(root.resolve("latest").toRealPath()).isEqualTo(folder.path().toRealPath());
  }

  @Test
  void a_real_folder_named_latest_is_never_touched_and_a_file_is_no_root() throws IOException {
    Files.createDirectory(root.resolve("latest"));
    Files.createFile(root.resolve("latest/precious"));
    assertThatExceptionOfType(FileAlreadyExistsException.class)
        .isThrownBy(() -> RunFolder.create(root, "A", "light", START, ""))
        .withMessageContaining("is not a link; remove it");
    assertThat(root.resolve("latest/precious")).exists();
    Path file = root.resolve("latest/precious");
    assertThatIOException().isThrownBy(() -> RunFolder.create(file, "A", "light", START, ""));
  }

  @Test
  void json_replaces_what_was_there_unless_it_cannot_be_written() throws IOException {
    RunFolder folder = RunFolder.create(root, "A", "light", START, "");
    folder.writeJson("kpi.json", Map.of("a", 1));
    folder.writeJson("kpi.json", Map.of("a", 2));
    assertThatIOException()
        .isThrownBy(() -> folder.writeJson("kpi.json", Map.of("a", new Object())));
    assertThat(folder.path().resolve("kpi.json")).hasContent("{\n  \"a\" : 2\n}");
    assertThat(names(folder.path())).containsExactly("kpi.json", "logs");
  }

  private static Stream<String> names(Path folder) throws IOException {
    try (Stream<Path> paths = Files.list(folder)) {
      return paths.map(path -> path.getFileName().toString()).sorted().toList().stream();
    }
  }
}
