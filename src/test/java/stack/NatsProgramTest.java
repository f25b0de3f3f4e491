package stack;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import stack.Host.Platform;
import testing.ScriptedServer;

/** Where nats-server is found, beside an HTTP server with a release like the official ones. */
class NatsProgramTest {
  private static final Duration BOUND = Duration.ofSeconds(20);
  private static final String NAME = "nats-server-v9.9.9-linux-amd64";
  private static final String ARCHIVE = NAME + ".tar.gz";
  private static final String PROGRAM = "#!/bin/sh\necho nats-server: v9.9.9\n";

  @TempDir Path folder;
  private final Map<String, byte[]> files = new ConcurrentHashMap<>();
  private final Queue<String> requests = new ConcurrentLinkedQueue<>();

  @AutoClose
  private final ScriptedServer server =
      new ScriptedServer(
          (request, wire) -> {
            String name = request.split(" ", 3)[1].substring("/v9.9.9/".length());
            requests.add(name);
            byte[] file = files.get(name);
            wire.answer(
                file == null ? "404 Not Found" : "200 OK",
                file == null ? "" : new String(file, ISO_8859_1));
          });

  @BeforeEach
  void publish() throws IOException {
    byte[] archive = archive();
    files.put(ARCHIVE, archive);
    String sums = sum(archive) + "  " + ARCHIVE + "\n" + sum(new byte[0]) + "  other.zip\n";
    files.put("SHA256SUMS", sums.getBytes(UTF_8));
  }

  @Test
  void one_on_the_path_is_taken_before_anything_is_fetched() throws IOException {
    Path onPath = write("bin/nats-server", "#!/bin/sh\necho nats-server: v2.1.0\n");
    assertThat(search().find()).isEqualTo(new Program(onPath, "nats-server: v2.1.0"));
    assertThat(requests).isEmpty();
    assertThat(folder.resolve("cache")).doesNotExist();
  }

  @Test
  void without_a_working_one_it_is_fetched_once_even_for_several_and_then_cached()
      throws IOException {
    write("bin/nats-server", "#!/bin/sh\nexit 3\n");
    List<CompletableFuture<Program>> searches =
        Stream.generate(() -> CompletableFuture.supplyAsync(search()::find)).limit(4).toList();
    Program expected = new Program(cached("9.9.9"), "nats-server: v9.9.9");
    assertThat(searches.stream().map(CompletableFuture::join)).containsOnly(expected);
    assertThat(search().find()).isEqualTo(expected);
    assertThat(expected.file()).hasContent(PROGRAM);
    assertThat(requests).containsExactly("SHA256SUMS", ARCHIVE);
    assertThat(cachedFiles()).containsExactly(expected.file());
  }

  @Test
  void one_that_was_put_into_the_cache_by_hand_is_taken() throws IOException {
    write("cache/nats-server/9.9.9/nats-server", "#!/bin/sh\necho by hand\n");
    assertThat(search().find().version()).isEqualTo("by hand");
    assertThat(requests).isEmpty();
  }

  @Test
  void a_release_that_is_damaged_incomplete_or_absent_is_not_used() throws IOException {
    byte[] other = "something else".getBytes(UTF_8);
    files.put(ARCHIVE, other);
    assertFails(search())
        .withMessageContaining(ARCHIVE + " is damaged: its SHA-256 is " + sum(other));
    files.put("SHA256SUMS", (sum(other) + "  another\n").getBytes(UTF_8));
    assertFails(search()).withMessageContaining(ARCHIVE + " is not in the release's SHA256SUMS");
    files.remove(ARCHIVE);
    assertFails(search()).withMessageContaining(ARCHIVE + ": HTTP status 404");
    assertThat(cachedFiles()).isEmpty();
  }

  @Test
  void a_silent_server_is_given_up_in_time() throws IOException {
    try (ServerSocket silent = new ServerSocket(0)) {
      URI base = URI.create("http://127.0.0.1:" + silent.getLocalPort() + "/");
      var release = new NatsProgram.Release(base, "9.9.9", Duration.ofMillis(200));
      assertFails(new NatsProgram(host(), release, List.of()))
          .withMessageContaining("SHA256SUMS: it took longer than");
    }
  }

  @Test
  void in_the_end_every_way_out_is_named() {
    Host elsewhere = new Host(Optional.empty(), "Plan 9 mips", List.of(), folder.resolve("cache"));
    assertFails(new NatsProgram(elsewhere, release(), List.of()))
        .withMessage(
            String.join(
                "\n",
                "there is no nats-server that runs here; tried",
                "  PATH: none",
                "  " + folder.resolve("cache/nats-server") + ": none",
                "  " + release().page() + ": has none for Plan 9 mips",
                "  apt-get download nats-server: there is no apt-get",
                "any one of these helps:",
                "  name a running server by -Dnats.url=nats://host:4222",
                "  install nats-server so that it is on the PATH (Debian, Ubuntu: apt-get install"
                    + " nats-server; macOS: brew install nats-server)",
                "  put the program from " + release().page() + " at " + cached("9.9.9"),
                "  name a cache folder that has it by the environment variable XDG_CACHE_HOME"));
  }

  @Test
  void a_cache_that_cannot_be_written_to_is_named() throws IOException {
    write("cache", "");
    assertFails(search())
        .withMessageStartingWith("cannot use the program cache " + folder.resolve("cache"))
        .withMessageContaining("XDG_CACHE_HOME");
  }

  @Test
  void where_the_release_cannot_be_reached_the_systems_package_is_unpacked() throws Exception {
    Files.createDirectories(folder.resolve("bin"));
    for (String tool : List.of("apt-get", "dpkg-deb")) {
      Optional<Path> found = Host.here().find(tool);
      assumeTrue(found.isPresent());
      Files.createSymbolicLink(folder.resolve("bin").resolve(tool), found.get());
    }
    files.clear();
    List<String> options = publishPackage(folder.resolve("repository"));
    assertThat(new NatsProgram(host(), release(), options).find())
        .isEqualTo(new Program(cached("package"), "nats-server: v9.9.9"));
    assertThat(cachedFiles()).containsExactly(cached("package"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"hub.conf", "leaf.conf"})
  void the_configurations_of_the_cluster_are_accepted_by_the_real_server(String file)
      throws Exception {
    Path original = Path.of("deploy/kubernetes/base/stack/nats", file);
    String server = NatsProgram.of(Host.here()).find().file().toString();
    assertThat(isAccepted(server, original)).isTrue();
    String wrong = Files.readString(original).replace("urls:", "uris:").replace("routes", "roots");
    assertThat(isAccepted(server, write(file, wrong))).isFalse();
  }

  private static boolean isAccepted(String server, Path configuration) throws Exception {
    ProcessBuilder check = new ProcessBuilder(server, "-t", "-c", configuration.toString());
    check.environment().put("SERVER_NAME", "nats-0");
    return check.redirectErrorStream(true).start().waitFor() == 0;
  }

  /** Makes a repository of one package; returns apt's options for it. */
  private List<String> publishPackage(Path repository) throws IOException {
    String control =
        """
        Package: nats-server
        Version: 9.9.9
        Architecture: all
        Maintainer: tests <tests@example.org>
        Description: stands in
        """;
    write("repository/tree/DEBIAN/control", control);
    write("repository/tree/usr/sbin/nats-server", PROGRAM);
    List<String> build = List.of("dpkg-deb", "--build", "tree", "nats-server.deb");
    Command.Ended built = Command.run(repository, BOUND, build);
    assertThat(built.code()).as(built.output()).isZero();
    byte[] deb = Files.readAllBytes(repository.resolve("nats-server.deb"));
    write(
        "repository/Packages",
        control
            + "Filename: ./nats-server.deb\nSize: %s\nSHA256: %s\n"
                .formatted(deb.length, sum(deb)));
    Path sources =
        write("repository/sources.list", "deb [trusted=yes] file:" + repository + " ./\n");
    return List.of("-o", "Dir::Etc::sourcelist=" + sources, "-o", "Dir::Etc::sourceparts=-");
  }

  private static ThrowableAssertAlternative<StackFailure> assertFails(NatsProgram search) {
    return Processes.assertFails(search::find);
  }

  private NatsProgram search() {
    return new NatsProgram(host(), release(), List.of());
  }

  private NatsProgram.Release release() {
    URI base = URI.create(server.url() + "/");
    return new NatsProgram.Release(base, "9.9.9", BOUND);
  }

  /** A machine with only one folder on its path, so usually without apt. */
  private Host host() {
    return new Host(
        Optional.of(Platform.LINUX_AMD64),
        "Linux amd64",
        List.of(folder.resolve("bin")),
        folder.resolve("cache"));
  }

  private Path cached(String version) {
    return folder.resolve("cache").resolve("nats-server").resolve(version).resolve("nats-server");
  }

  private List<Path> cachedFiles() throws IOException {
    try (Stream<Path> all = Files.walk(folder.resolve("cache/nats-server"))) {
      return all.filter(Files::isRegularFile).toList();
    }
  }

  private Path write(String name, String text) throws IOException {
    return Processes.writeProgram(folder.resolve(name), text);
  }

  private static String sum(byte[] bytes) throws IOException {
    return ProgramCache.sha256(new ByteArrayInputStream(bytes));
  }

  private static byte[] archive() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(new GZIPOutputStream(bytes))) {
      add(tar, "LICENSE", "nothing", 0644);
      add(tar, "nats-server", PROGRAM, 0755);
    }
    return bytes.toByteArray();
  }

  private static void add(TarArchiveOutputStream tar, String name, String text, int mode)
      throws IOException {
    byte[] content = text.getBytes(UTF_8);
    TarArchiveEntry entry = new TarArchiveEntry(NAME + "/" + name);
    entry.setSize(content.length);
    entry.setMode(mode);
    tar.putArchiveEntry(entry);
    tar.write(content);
    tar.closeArchiveEntry();
  }
}
