package stack;

import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Running servers named by the user: each is probed once before a run, within 3 s. What is no such
 * server, or refuses the credentials, is a {@link StackFailure}, whose message has the option that
 * named it, and never a password.
 */
public final class External {
  private static final Duration BOUND = Duration.ofSeconds(3);
  private static final String POSTGRES_PREFIX = "jdbc:postgresql://";

  private External() {}

  /** A kind of server, the form of its URL, and the option that named it. */
  private record Kind(String name, String form, String option) {
    URI address(String text, List<String> schemes, int defaultPort) {
      try {
        URI url = URI.create(text.strip());
        if (schemes.contains(String.valueOf(url.getScheme())) && url.getHost() != null) {
          String at = "//" + url.getRawAuthority();
          return url.getPort() == -1
              ? URI.create(url.toString().replace(at, at + ":" + defaultPort))
              : url;
        }
      } catch (IllegalArgumentException e) {
        // Its message contains the URL.
      }
      throw malformed();
    }

    StackFailure malformed() {
      return new StackFailure(
          "%s: this is not a %s address; write %s".formatted(option, name, form));
    }

    void require(String shown, Probe.Answer answer) {
      String why = " (" + answer.reason() + "); ";
      String what =
          switch (answer.kind()) {
            case READY -> "";
            case NOT_READY -> name + " is there but not ready" + why + "try again later";
            case NOTHING_ANSWERS ->
                "nothing answers there%sstart %s there, name another address, or leave %s out: then"
                        .formatted(why, name, option)
                    + " a %s is started for the run".formatted(name);
            case NOT_THIS_SERVER -> "this is not a " + name + " server" + why + "write " + form;
            case REFUSED -> name + " refuses the connection" + why + "write " + form;
          };
      if (!answer.isReady()) {
        throw new StackFailure(option + "=" + shown + ": " + what);
      }
    }
  }

  /** Probes a Redis. */
  public static void redis(String option, String url) {
    Kind redis =
        new Kind(
            "Redis",
            "redis://[user:password@]host[:6379][/database], or rediss:// for TLS",
            option);
    URI address = redis.address(url, List.of("redis", "rediss"), 6379);
    redis.require(shown(address), Probe.redis(address, OptionalLong.empty()).run(BOUND));
  }

  /** Probes a nats-server; of several, one is enough, and the last one is reported. */
  public static void nats(String option, String url) {
    Kind nats =
        new Kind(
            "NATS",
            "nats://[user:password@]host[:4222] or nats://token@host, tls:// for TLS, several with"
                + " commas between them",
            option);
    List<URI> addresses =
        Arrays.stream(url.split(","))
            .map(each -> nats.address(each, List.of("nats", "tls"), 4222))
            .toList();
    String last = "";
    Probe.Answer answer = null;
    for (URI address : addresses) {
      last = shown(address);
      answer = Probe.nats(address, Optional.empty()).run(BOUND);
      if (answer.isReady()) {
        return;
      }
    }
    if (answer == null) {
      throw nats.malformed();
    }
    nats.require(last, answer);
  }

  /** Probes a PostgreSQL. */
  public static void postgres(String option, String url) {
    Kind postgres =
        new Kind("PostgreSQL", "jdbc:postgresql://host[:5432]/database?user=…&password=…", option);
    if (!url.startsWith(POSTGRES_PREFIX)) {
      throw postgres.malformed();
    }
    String shown = url.replaceFirst("\\?.*", "");
    postgres.require(shown, Probe.postgres(url, Optional.empty()).run(BOUND));
  }

  /** Returns an address without its credentials. */
  private static String shown(URI url) {
    return url.getScheme() + "://" + url.getHost() + ":" + url.getPort();
  }
}
