package simulations.events;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import faults.FaultPlan;
import faults.FaultPlan.Parts;
import faults.FaultPlan.Strike;
import faults.FaultPlan.Unusable;
import faults.TcpLink;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongSupplier;
import settings.Checked;
import settings.Option;
import settings.SettingsReader;
import simulations.run.CommonSettings;
import simulations.run.SimulationSettings;
import simulations.run.Slos;
import simulations.run.SuiteConfig;
import simulations.run.Verify;

/** The settings of a simulation of an event server. */
public record EventsSettings<P extends EventsSettings.Plan>(
    CommonSettings common, Server server, P plan) implements SimulationSettings {
  /** Why what rests on the plan of a stream is not evaluated. */
  static final String UNPLANNED =
      "Whether the server numbers its events from 1 is not known; -Dverify=yes checks it.";

  /** For starts, pauses between stages, and the audit. */
  private static final Duration MARGIN = Duration.ofMinutes(2);

  private static final Duration SEND_TIMEOUT = Duration.ofSeconds(30);
  private static final String PEER = "events.peer";
  private static final int WARM_UP_CLIENTS_MAX = 100;

  private static final Slos.Unit STREAM =
      new Slos.Unit("stream", List.of("ttft", "gap.max", "connect", "delivery_lag.max"));

  /** The plan of the load of one simulation. */
  public interface Plan {
    /** Returns the number of clients at first. */
    int clients();

    /** Returns the time between two events of a stream, also in the warm-up. */
    Duration pace();

    /** Returns further words of thresholds, in ms or 1/s. */
    default Map<String, Double> words() {
      return Map.of();
    }

    /** Reports values that do not agree with each other, or with the server. */
    default void check(Server server, SettingsReader from) {}

    /** Returns the longest time of its stages. */
    Duration longest(Server server);

    /** Returns after which time the server cuts off a client that reads nothing. */
    default Duration sendTimeout() {
      return SEND_TIMEOUT;
    }

    /** Returns what stops the user's own server. */
    default Optional<String> stopCommand() {
      return Optional.empty();
    }

    /** Returns true if a server that sends nothing but what is published can have this load. */
    default boolean isPublished() {
      return false;
    }
  }

  /**
   * How the server is reached.
   *
   * @param eventsUrl of the user's own server, with or without a path; empty if the bundled one is
   *     started
   * @param verify whether the server follows plan and numbers of a stream, and resumes it
   * @param http2 whether clients use HTTP/2, which Gatling speaks over TLS only; not of every
   *     simulation
   * @param link between the clients and the server; not of every simulation
   * @param timeout of a stream beyond its planned length
   */
  public record Server(
      @Option(name = "events.url", like = "http://127.0.0.1:8085") Optional<URI> eventsUrl,
      @Option Verify verify,
      @Option Optional<Boolean> http2,
      @Option Optional<Link> link,
      @Option(name = "events.defect") Optional<String> defect,
      @Option(
              name = PEER,
              matches = "nchan|node|better-sse",
              otherwise = "is no peer of the event server; nchan, node and better-sse are")
          Optional<String> peer,
      @Option(in = "1s..1h") Duration timeout)
      implements Checked {
    @Override
    public void check(SettingsReader from) {
      if (isExternal() && defect.isPresent()) {
        from.error("events.defect", "a defect can only be planted in the bundled server");
      }
      if (peer.isPresent() && (isExternal() || defect.isPresent() || isHttp2())) {
        String sentence =
            "a peer takes the bundled server's place: leave -Devents.url, -Devents.defect and"
                + " -Dhttp2 out";
        from.error(PEER, sentence);
      }
      if (isHttp2() && eventsUrl.filter(url -> !"https".equals(url.getScheme())).isPresent()) {
        from.error("http2", "the generator speaks HTTP/2 over TLS only; use an https:// address");
      }
    }

    boolean isHttp2() {
      return http2.orElse(false);
    }

    boolean isExternal() {
      return eventsUrl.isPresent();
    }

    /** Returns true if streams follow their plan: paths, pace, numbers and Last-Event-ID. */
    boolean isPlanned() {
      return verify.holds(!isExternal());
    }
  }

  /** Returns the reader of the settings of a simulation with such a plan. */
  public static <P extends Record & Plan> Function<SuiteConfig, EventsSettings<P>> of(
      Class<P> type) {
    return config -> read(config, type);
  }

  /** A word is not known of a server without a plan. */
  private static <P extends Record & Plan> EventsSettings<P> read(
      SuiteConfig config, Class<P> type) {
    SettingsReader from = config.reader();
    Server server = from.read(Server.class);
    P plan = from.read(type);
    plan.check(server, from);
    from.words().putAll(plan.words());
    if (!server.isPlanned()) {
      from.words().replaceAll((word, value) -> Double.NaN);
    }
    CommonSettings common = CommonSettings.read(config, STREAM);
    boolean isNchan = server.peer().filter("nchan"::equals).isPresent();
    if (isNchan && !(plan.isPublished() && common.warmup().isZero())) {
      String sentence =
          "nchan sends nothing but what is published: it can have WatcherScaleSimulation with"
              + " -Dchurn=0s -Dwarmup=0s";
      from.error(PEER, sentence);
    }
    from.finish();
    return new EventsSettings<>(common, server, plan);
  }

  public int warmUpClients() {
    return Math.min(plan.clients(), WARM_UP_CLIENTS_MAX);
  }

  @Override
  public Duration longest() {
    return common.warmup().plus(plan.longest(server)).plus(MARGIN);
  }

  /** A network between the clients and the server, with faults that last for the whole run. */
  record Link(FaultPlan plan) {
    private static final String NAME = "link";

    /**
     * Parses a fault, such as {@code what = latency, delay = 20ms}, or the name of a file of one.
     *
     * @throws IllegalArgumentException with every error
     */
    static Link parse(String text) {
      try {
        Path file = Path.of(text);
        Config fault =
            Files.isRegularFile(file)
                ? ConfigFactory.parseFile(file.toFile())
                : ConfigFactory.parseString(text);
        Map<String, String> always = Map.of("at", "0s", "for", "1000d", "whom", NAME);
        Config entry = ConfigFactory.parseMap(always).withFallback(fault).resolve();
        return new Link(FaultPlan.read(List.of(entry), new Parts(Set.of(), Set.of(NAME)), 0));
      } catch (Unusable | ConfigException e) {
        String sentence =
            "is no fault such as 'what = latency, delay = 20ms', and no file of one: ";
        throw new IllegalArgumentException(sentence + e.getMessage().replace('\n', ' '), e);
      }
    }

    /** Opens the link; returns the address at which it leads to a server. */
    URI to(URI server, long seed, LongSupplier nanoClock) {
      int usual = server.getScheme().equals("https") ? 443 : 80;
      int port = server.getPort() > 0 ? server.getPort() : usual;
      InetSocketAddress address = new InetSocketAddress(server.getHost(), port);
      TcpLink link = new TcpLink(NAME, address, seed, nanoClock);
      plan.strikes().stream().map(Strike::what).forEach(link::strike);
      return URI.create(server.getScheme() + "://127.0.0.1:" + link.address().getPort());
    }
  }
}
