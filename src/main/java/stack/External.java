package stack;

import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Running servers named by the user: each is probed once before a run, within 3 s. Messages never
 * contain a password.
 */
public final class External {
  private static final Duration BOUND = Duration.ofSeconds(3);
  private static final String POSTGRES_PREFIX = "jdbc:postgresql://";

  private static final Kind REDIS =
      new Kind("Redis", "redis://[user:password@]host[:6379][/database], or rediss:// for TLS");
  private static final Kind NATS =
      new Kind(
          "NATS",
          "nats://[user:password@]host[:4222] or nats://token@host, tls:// for TLS, several with"
              + " commas between them");
  private static final Kind POSTGRES =
      new Kind("PostgreSQL", "jdbc:postgresql://host[:5432]/database?user=…&password=…");

  /** A kind of server, and the form of its URL. */
  private record Kind(String name, String form) {}

  private External() {}

  /**
   * Probes a Redis.
   *
   * @param option that named it, for messages
   * @throws StackFailure if it is not a Redis, or refuses the credentials
   */
  public static void redis(String option, String url) {
    Address address = address(REDIS, option, url, Map.of("redis", false, "rediss", true));
    Probe probe = new RedisProbe(address, OptionalLong.empty());
    require(REDIS, option, address.toString(), probe.run(BOUND));
  }

  /**
   * Probes a nats-server; of several, one is enough.
   *
   * @param option that named it, for messages
   * @throws StackFailure if the last is not a nats-server, or refuses the credentials
   */
  public static void nats(String option, String url) {
    List<Address> addresses =
        Arrays.stream(url.split(","))
            .map(each -> address(NATS, option, each, Map.of("nats", false, "tls", true)))
            .toList();
    if (addresses.isEmpty()) {
      throw malformed(NATS, option);
    }
    for (Iterator<Address> left = addresses.iterator(); left.hasNext(); ) {
      Address address = left.next();
      Probe.Answer answer = new NatsProbe(address, Optional.empty()).run(BOUND);
      if (answer.isReady()) {
        return;
      }
      if (!left.hasNext()) {
        require(NATS, option, address.toString(), answer);
      }
    }
  }

  /**
   * Probes a PostgreSQL.
   *
   * @param option that named it, for messages
   * @throws StackFailure if it is not a PostgreSQL, or refuses the credentials
   */
  public static void postgres(String option, String url) {
    if (!url.startsWith(POSTGRES_PREFIX)) {
      throw malformed(POSTGRES, option);
    }
    String shown = url.replaceFirst("\\?.*", "");
    require(POSTGRES, option, shown, new PostgresProbe(url, Optional.empty()).run(BOUND));
  }

  private static Address address(
      Kind kind, String option, String url, Map<String, Boolean> schemes) {
    try {
      return Address.parse(url.strip(), schemes, kind.equals(REDIS) ? 6379 : 4222);
    } catch (IllegalArgumentException e) {
      throw malformed(kind, option); // Without the cause, whose message contains the URL.
    }
  }

  private static StackFailure malformed(Kind kind, String option) {
    return new StackFailure(
        "%s: this is not a %s address; write %s".formatted(option, kind.name(), kind.form()));
  }

  private static void require(Kind kind, String option, String shown, Probe.Answer answer) {
    String name = kind.name();
    String where = option + "=" + shown + ": ";
    String why = " (" + answer.reason() + "); ";
    String form = "write " + kind.form();
    switch (answer.kind()) {
      case READY -> {}
      case NOT_READY ->
          throw new StackFailure(
              where + name + " is there but not ready" + why + "try again later");
      case NOTHING_ANSWERS ->
          throw new StackFailure(
              where
                  + "nothing answers there"
                  + why
                  + "start %s there, name another address, or leave %s out: then a %s is started"
                      .formatted(name, option, name)
                  + " for the run");
      case NOT_THIS_SERVER ->
          throw new StackFailure(where + "this is not a " + name + " server" + why + form);
      case REFUSED -> throw new StackFailure(where + name + " refuses the connection" + why + form);
    }
  }
}
