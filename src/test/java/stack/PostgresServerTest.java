package stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static stack.Processes.assertFails;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** Real PostgreSQL processes, used over JDBC. Setting one up takes seconds: most tests share it. */
@Timeout(120)
class PostgresServerTest {
  private static final int ROWS = 100;

  @TempDir private static Path shared;
  @AutoClose private static PostgresServer postgres;

  @TempDir private Path folder;

  @BeforeAll
  static void start() {
    postgres = PostgresServer.start(shared);
  }

  @Test
  void is_probed_like_a_server_named_by_the_user() {
    External.postgres("postgres.url", postgres.url().toString());
    assertThat(postgres.version()).startsWith("postgres (PostgreSQL) 18.");
  }

  @Test
  void keeps_every_committed_row_over_kill_and_restart() throws SQLException {
    URI url = postgres.url();
    try (Connection client = DriverManager.getConnection(url.toString());
        Statement statement = client.createStatement()) {
      statement.execute("create table bids (id int primary key)");
      for (int i = 0; i < ROWS; i++) {
        statement.execute("insert into bids values (" + i + ")");
      }
      postgres.kill();
    }
    postgres.restart();
    assertThat(postgres.url()).isEqualTo(url);
    assertThat(one("select count(*) from bids")).isEqualTo(ROWS);
  }

  @Test
  void answers_nothing_while_it_is_paused_and_goes_on_afterwards() throws SQLException {
    String hasty = postgres.url() + "&socketTimeout=1";
    try (Connection client = DriverManager.getConnection(hasty);
        Connection patient = DriverManager.getConnection(postgres.url().toString());
        Statement before = client.createStatement();
        Statement after = patient.createStatement()) {
      postgres.pause();
      // Also those processes that serve connections which were there before.
      assertThatExceptionOfType(SQLException.class).isThrownBy(() -> before.execute("select 1"));
      postgres.resume();
      assertThat(after.execute("select 1")).isTrue();
    }
  }

  @Test
  void is_stopped_in_order_although_a_client_is_still_there() throws Exception {
    List<ProcessHandle> family = Processes.family(postgres);
    try (Connection client = DriverManager.getConnection(postgres.url().toString())) {
      assertThat(client.isValid(1)).isTrue();
      postgres.close();
    }
    assertThat(family).hasSizeGreaterThan(2).noneMatch(ProcessHandle::isAlive);
    assertThat(shared.resolve("postgres.log")).content().contains("database system is shut down");
    postgres.restart();
    assertThat(one("select 1")).isEqualTo(1);
    assertThat(postgres.diedByItself()).isNotDone();
  }

  @Test
  void a_server_that_cannot_be_set_up_reports_why() throws Exception {
    Path data = Files.createDirectories(folder.resolve("postgres"));
    Files.createFile(data.resolve("something"));
    assertFails(() -> PostgresServer.start(folder))
        .withMessageStartingWith("PostgreSQL cannot set up " + data)
        .withMessageContaining("exists but is not empty");
  }

  @Test
  @EnabledIf("weAreRoot")
  void root_may_also_run_it_as_another_user() throws Exception {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    Host here = Host.here();
    Host host = new Host(here.platform(), here.described(), here.path(), folder.resolve("cache"));
    try (PostgresServer own = PostgresServer.start(folder, host, Unprivileged.AS_OTHER_USER);
        Connection client = DriverManager.getConnection(own.url().toString())) {
      assertThat(client.isValid(1)).isTrue();
      assertThat(Processes.of(own).info().user()).isPresent().get().isNotEqualTo("root");
    }
  }

  @Test
  @EnabledIf("weAreRoot")
  void a_folder_without_access_is_reported() {
    assertFails(() -> Unprivileged.AS_OTHER_USER.makeOwnFolder(folder.resolve("postgres")))
        .withMessageStartingWith("PostgreSQL does not run as root, and the user that it runs as")
        .withMessageContaining("has no access to " + folder.resolve("postgres"))
        .withMessageContaining("-Dpostgres.url=");
  }

  @Test
  void a_user_or_a_database_that_is_not_there_is_said_to_be_refused_without_the_password() {
    String base = postgres.url().toString().replaceFirst("/postgres\\?.*", "");
    assertFails(
            () ->
                External.postgres("postgres.url", base + "/postgres?user=stranger&password=secret"))
        .withMessageStartingWith("postgres.url=" + base + "/postgres: PostgreSQL refuses")
        .withMessageContaining("role \"stranger\" does not exist")
        .satisfies(e -> assertThat(e).message().doesNotContain("secret"));
    assertFails(() -> External.postgres("postgres.url", base + "/nowhere?user=postgres"))
        .withMessageContaining("database \"nowhere\" does not exist");
  }

  static boolean weAreRoot() {
    return Unprivileged.on(shared) != Unprivileged.AS_OURSELVES;
  }

  private static int one(String query) throws SQLException {
    try (Connection client = DriverManager.getConnection(postgres.url().toString());
        Statement statement = client.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getInt(1);
    }
  }
}
