package stack;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * Servers of the user's own, given as URLs: each is asked once before a run, and nothing is
 * started. A password is never repeated in a message.
 */
public final class External {
  private static final Duration BOUND = Duration.ofSeconds(3);

  private static final Kind REDIS =
      new Kind("Redis", "redis://[user:password@]host[:6379][/database], or rediss:// for TLS");
  private static final Kind NATS =
      new Kind(
          "NATS",
          "nats://[user:password@]host[:4222] or nats://token@host, tls:// for TLS, several with"
              + " commas between them");
  private static final Kind POSTGRES =
      new Kind("PostgreSQL", "jdbc:postgresql://host[:5432]/database?user=…&password=…");

  private static final String POSTGRES_PREFIX = "jdbc:postgresql://";

  /**
   * A kind of server.
   *
   * @param form how to write its URL
   */
  private record Kind(String name, String form) {}

  private External() {}

  /**
   * Asks a Redis for PING, within 3 s.
   *
   * @param option that named it, for messages
   * @throws StackFailure if it does not answer as a Redis does, or refuses the credentials
   */
  public static void redis(String option, String url) {
    Map<String, Boolean> schemes = Map.of("redis", false, "rediss", true);
    Address address = address(REDIS, option, url, text -> Address.parse(text, schemes, 6379));
    Probe probe = new RedisProbe(address, OptionalLong.empty());
    require(REDIS, option, address.toString(), probe.ask(BOUND));
  }

  /**
   * Asks a nats-server for PING, within 3 s; of several, in order, one is enough.
   *
   * @param option that named it, for messages
   * @throws StackFailure if none answers as a nats-server does, or it refuses the credentials
   */
  public static void nats(String option, String url) {
    Map<String, Boolean> schemes = Map.of("nats", false, "tls", true);
    List<Address> addresses =
        Arrays.stream(url.split(","))
            .map(each -> address(NATS, option, each, text -> Address.parse(text, schemes, 4222)))
            .toList();
    if (addresses.isEmpty()) {
      throw malformed(NATS, option);
    }
    int last = addresses.size() - 1;
    for (Address address : addresses.subList(0, last)) {
      if (ask(address).isReady()) {
        return;
      }
    }
    require(NATS, option, addresses.get(last).toString(), ask(addresses.get(last)));
  }

  private static Probe.Answer ask(Address nats) {
    return new NatsProbe(nats, Optional.empty()).ask(BOUND);
  }

  /**
   * Asks a PostgreSQL for {@code select 1}, within 3 s.
   *
   * @param option that named it, for messages
   * @throws StackFailure if it does not answer as a PostgreSQL does, or refuses the credentials
   */
  public static void postgres(String option, String url) {
    if (!url.startsWith(POSTGRES_PREFIX)) {
      throw malformed(POSTGRES, option);
    }
    String shown = url.replaceFirst("\\?.*", "");
    require(POSTGRES, option, shown, new PostgresProbe(url, Optional.empty()).ask(BOUND));
  }

  private static Address address(
      Kind kind, String option, String url, Function<String, Address> parse) {
    try {
      return parse.apply(url.strip());
    } catch (IllegalArgumentException e) {
      throw malformed(kind, option); // Without the cause, which repeats what was written.
    }
  }

  private static StackFailure malformed(Kind kind, String option) {
    return new StackFailure(
        option + ": this is no address of a " + kind.name() + "; write " + kind.form());
  }

  private static void require(Kind kind, String option, String shown, Probe.Answer answer) {
    String server = option + "=" + shown + ": ";
    String reason = " (" + answer.reason() + "); ";
    switch (answer.kind()) {
      case READY -> {}
      case NOT_READY ->
          throw new StackFailure(
              server + kind.name() + " is there but not ready" + reason + "try again later");
      case NOTHING_ANSWERS ->
          throw new StackFailure(
              server
                  + "nothing answers there"
                  + reason
                  + "start "
                  + kind.name()
                  + " there, name another address, or leave "
                  + option
                  + " out: then a "
                  + kind.name()
                  + " is started for the run");
      case NOT_THIS_SERVER ->
          throw new StackFailure(
              server
                  + "something is there, but does not answer as "
                  + kind.name()
                  + " does"
                  + reason
                  + "write "
                  + kind.form());
      case REFUSED ->
          throw new StackFailure(
              server + kind.name() + " refuses the connection" + reason + "write " + kind.form());
    }
  }
}
