package stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Where nats-server is looked for, and what is done with what is found there. */
@Timeout(60)
class NatsProgramTest {
  private static final Duration BOUND = Duration.ofSeconds(20);
  private static final String ARCHIVE = "nats-server-v9.9.9-linux-amd64.tar.gz";

  @TempDir Path folder;
  private FakeRelease server;

  @BeforeEach
  void publish() throws IOException {
    server = new FakeRelease(Platform.LINUX_AMD64);
  }

  @AfterEach
  void withdraw() {
    server.close();
  }

  @Test
  void one_on_the_path_is_taken_before_anything_is_fetched() throws IOException {
    Path onPath = write("bin/nats-server", "#!/bin/sh\necho nats-server: v2.1.0\n");

    Program found = search(host("bin"), server.release(BOUND)).find();

    assertThat(found).isEqualTo(new Program(onPath, "nats-server: v2.1.0"));
    assertThat(server.asked()).isEmpty();
    assertThat(folder.resolve("cache")).doesNotExist();
  }

  @Test
  void otherwise_it_is_fetched_once_and_then_found_in_the_cache() throws IOException {
    NatsProgram search = search(host("bin"), server.release(BOUND));

    Program fetched = search.find();
    Program again = search.find();

    assertThat(fetched.version()).isEqualTo("nats-server: v9.9.9");
    assertThat(fetched.file()).isEqualTo(cached("9.9.9")).hasContent(FakeRelease.PROGRAM);
    assertThat(again).isEqualTo(fetched);
    assertThat(server.asked()).containsExactly("SHA256SUMS", ARCHIVE);
    assertThat(files(folder.resolve("cache/nats-server"))).containsExactly(cached("9.9.9"));
  }

  @Test
  void several_that_need_it_at_once_fetch_it_once() {
    NatsProgram search = search(host("bin"), server.release(BOUND));
    List<CompletableFuture<Program>> searches =
        Stream.generate(() -> CompletableFuture.supplyAsync(search::find)).limit(4).toList();

    assertThat(searches.stream().map(CompletableFuture::join).distinct()).hasSize(1);
    assertThat(server.asked()).containsExactly("SHA256SUMS", ARCHIVE);
  }

  @Test
  void one_on_the_path_that_does_not_run_is_passed_over() throws IOException {
    write("bin/nats-server", "#!/bin/sh\nexit 3\n");

    assertThat(search(host("bin"), server.release(BOUND)).find().file()).isEqualTo(cached("9.9.9"));
  }

  @Test
  void one_that_was_put_into_the_cache_by_hand_is_taken() throws IOException {
    write("cache/nats-server/9.9.9/nats-server", "#!/bin/sh\necho by hand\n");

    assertThat(search(host("bin"), server.release(BOUND)).find().version()).isEqualTo("by hand");
    assertThat(server.asked()).isEmpty();
  }

  @Test
  void a_transfer_with_another_checksum_is_not_used() throws IOException {
    server.put(ARCHIVE, "something else");

    assertFails(server.release(BOUND))
        .withMessageContaining(
            ARCHIVE + " is damaged: its SHA-256 is " + FakeRelease.sum(bytes("something else")));
    assertThat(files(folder.resolve("cache/nats-server"))).isEmpty();
  }

  @Test
  void a_release_without_the_programs_checksum_is_not_used() throws IOException {
    server.put("SHA256SUMS", FakeRelease.sum(bytes("x")) + "  another\n");

    assertFails(server.release(BOUND))
        .withMessageContaining(ARCHIVE + " is not in the release's SHA256SUMS");
    assertThat(files(folder.resolve("cache/nats-server"))).isEmpty();
  }

  @Test
  void a_release_that_is_not_there_is_said_so() {
    server.remove(ARCHIVE);

    assertFails(server.release(BOUND)).withMessageContaining(ARCHIVE + ": HTTP status 404");
  }

  @Test
  void a_silent_server_is_given_up_in_time() throws IOException {
    try (ServerSocket silent = new ServerSocket(0)) {
      URI base = URI.create("http://127.0.0.1:" + silent.getLocalPort() + "/");

      assertFails(new NatsRelease(base, "9.9.9", Duration.ofMillis(200)))
          .withMessageContaining("SHA256SUMS: it took longer than");
    }
  }

  @Test
  void in_the_end_every_way_out_is_named() {
    Host elsewhere = new Host(Optional.empty(), "Plan 9 mips", List.of(), folder.resolve("cache"));

    assertThatExceptionOfType(StackFailure.class)
        .isThrownBy(() -> search(elsewhere, server.release(BOUND)).find())
        .withMessage(
            String.join(
                "\n",
                "there is no nats-server that runs here; tried",
                "  PATH: none",
                "  " + folder.resolve("cache/nats-server") + ": none",
                "  " + server.release(BOUND).page() + ": has none for Plan 9 mips",
                "  apt-get download nats-server: there is no apt-get",
                "any one of these helps:",
                "  name a running server by -Dnats.url=nats://host:4222",
                "  install nats-server so that it is on the PATH (Debian, Ubuntu: apt-get install"
                    + " nats-server; macOS: brew install nats-server)",
                "  put the program from " + server.release(BOUND).page() + " at " + cached("9.9.9"),
                "  name a cache folder that has it by the environment variable XDG_CACHE_HOME"));
  }

  @Test
  void a_cache_that_cannot_be_written_to_is_named() throws IOException {
    Host host = new Host(Optional.of(Platform.LINUX_AMD64), "Linux", List.of(), write("file", ""));

    assertThatExceptionOfType(StackFailure.class)
        .isThrownBy(() -> search(host, server.release(BOUND)).find())
        .withMessageStartingWith("cannot use the program cache " + folder.resolve("file"))
        .withMessageContaining("XDG_CACHE_HOME");
  }

  @Test
  void where_the_release_cannot_be_reached_the_systems_package_is_unpacked() throws Exception {
    Host here = Host.here();
    assumeTrue(here.find("apt-get").isPresent() && here.find("dpkg-deb").isPresent());
    server.remove("SHA256SUMS");
    Host host =
        new Host(
            Optional.of(Platform.LINUX_AMD64),
            "Linux",
            here.path().stream()
                .filter(each -> !Files.exists(each.resolve("nats-server")))
                .toList(),
            folder.resolve("cache"));
    NatsPackage local = new NatsPackage(here, publishPackage(folder.resolve("repository")));

    Program found = new NatsProgram(host, server.release(BOUND), local).find();

    assertThat(found).isEqualTo(new Program(cached("package"), "nats-server: v9.9.9"));
    assertThat(files(folder.resolve("cache/nats-server"))).containsExactly(cached("package"));
  }

  /** A repository of one package, and apt's options for it. */
  private static List<String> publishPackage(Path repository) throws IOException {
    Path tree = Files.createDirectories(repository.resolve("tree"));
    Files.createDirectories(tree.resolve("DEBIAN"));
    Files.createDirectories(tree.resolve("usr/sbin"));
    String control =
        """
        Package: nats-server
        Version: 9.9.9
        Architecture: all
        Maintainer: tests <tests@example.org>
        Description: stands in
        """;
    Files.writeString(tree.resolve("DEBIAN/control"), control);
    Path program = Files.writeString(tree.resolve("usr/sbin/nats-server"), FakeRelease.PROGRAM);
    Archive.setExecutable(program, true);
    String name = "nats-server_9.9.9_all.deb";
    Command.Ended built =
        Command.run(repository, BOUND, List.of("dpkg-deb", "--build", tree.toString(), name));
    assertThat(built.code()).as(built.output()).isZero();
    byte[] deb = Files.readAllBytes(repository.resolve(name));
    Files.writeString(
        repository.resolve("Packages"),
        control
            + "Filename: ./"
            + name
            + "\nSize: "
            + deb.length
            + "\nSHA256: "
            + FakeRelease.sum(deb)
            + "\n");
    Path sources =
        Files.writeString(
            repository.resolve("sources.list"), "deb [trusted=yes] file:" + repository + " ./\n");
    return List.of("-o", "Dir::Etc::sourcelist=" + sources, "-o", "Dir::Etc::sourceparts=-");
  }

  private ThrowableAssertAlternative<StackFailure> assertFails(NatsRelease release) {
    return assertThatExceptionOfType(StackFailure.class)
        .isThrownBy(() -> search(host("bin"), release).find());
  }

  private static NatsProgram search(Host host, NatsRelease release) {
    return new NatsProgram(host, release, new NatsPackage(host, List.of()));
  }

  /** A machine with only this on its path, so without apt. */
  private Host host(String path) {
    return new Host(
        Optional.of(Platform.LINUX_AMD64),
        "Linux amd64",
        List.of(folder.resolve(path)),
        folder.resolve("cache"));
  }

  private Path cached(String version) {
    return folder.resolve("cache").resolve("nats-server").resolve(version).resolve("nats-server");
  }

  private Path write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    Archive.setExecutable(file, true);
    return file;
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).toList();
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
