package stack;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Properties;

/**
 * {@code select 1} over JDBC.
 *
 * @param dataFolder only the server of this folder passes; empty for any
 */
record PostgresProbe(String url, Optional<String> dataFolder) implements Probe {

  @Override
  public Answer run(Duration bound) {
    Properties options = new Properties();
    String seconds = Long.toString(Math.max(1, bound.toSeconds()));
    for (String name : List.of("connectTimeout", "socketTimeout", "loginTimeout")) {
      options.setProperty(name, seconds);
    }
    options.setProperty("ApplicationName", "gauntlet probe");
    String query = dataFolder.isPresent() ? "select current_setting('data_directory')" : "select 1";
    try (Connection connection = DriverManager.getConnection(url, options);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      rows.next();
      return dataFolder.isEmpty() || dataFolder.get().equals(rows.getString(1))
          ? Answer.READY
          : new Answer(Kind.NOT_READY, "another PostgreSQL listens there");
    } catch (SQLException e) {
      return new Answer(kind(Optional.ofNullable(e.getSQLState()).orElse("")), e.getMessage());
    }
  }

  /** From PostgreSQL's error codes, Appendix A of its manual. */
  private static Kind kind(String state) {
    return switch (state) {
      case "08001" -> Kind.NOTHING_ANSWERS;
      case "57P03", "53300" -> Kind.NOT_READY;
      default ->
          state.startsWith("28") || state.startsWith("3D") || state.startsWith("42")
              ? Kind.REFUSED
              : Kind.NOT_THIS_SERVER;
    };
  }
}
