package simulations.events;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import settings.Checked;
import settings.Option;
import settings.SettingsReader;
import simulations.run.CommonSettings;
import simulations.run.Slos;
import simulations.run.SuiteConfig;
import simulations.run.Verify;

/**
 * The settings that the simulations of an event server share.
 *
 * @param eventsUrl of the user's own server, with or without a path; empty if the bundled one is
 *     started
 * @param verify whether the server follows plan and numbers of a stream, and resumes it
 * @param http2 whether clients use HTTP/2, which Gatling speaks over TLS only; not of every
 *     simulation
 * @param link between the clients and the server; not of every simulation
 * @param defect planted in the bundled server
 * @param timeout of a stream beyond its planned length
 */
public record EventsSettings(
    @Option(name = "events.url", like = "http://127.0.0.1:8085") Optional<URI> eventsUrl,
    @Option Verify verify,
    @Option Optional<Boolean> http2,
    @Option Optional<Link> link,
    @Option(name = "events.defect") Optional<String> defect,
    @Option(in = "1s..1h") Duration timeout)
    implements Checked {
  /** Why what rests on the plan of a stream is not evaluated. */
  static final String UNPLANNED =
      "Whether the server numbers its events from 1 is not known; -Dverify=yes checks it.";

  private static final int WARM_UP_CLIENTS_MAX = 100;

  private static final Slos.Unit STREAM = new Slos.Unit("stream", List.of("ttft", "gap.max"));

  @Override
  public void check(SettingsReader from) {
    if (isExternal() && defect.isPresent()) {
      from.error("events.defect", "a defect can only be planted in the bundled server");
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

  /**
   * Reads the common settings of a simulation; a word is not known of a server without a plan.
   *
   * @param simulation simple class name
   * @param words what thresholds and SLOs may name, by the plan of the streams
   */
  CommonSettings common(SuiteConfig config, String simulation, Map<String, Double> words) {
    Map<String, Double> known = new TreeMap<>(words);
    if (!isPlanned()) {
      known.replaceAll((word, value) -> Double.NaN);
    }
    return CommonSettings.read(config, simulation, known, STREAM);
  }

  /** Returns the number of the warm-up's clients, for a load of so many. */
  static int warmUpClients(int clients) {
    return Math.min(clients, WARM_UP_CLIENTS_MAX);
  }

  static double ms(Duration duration) {
    return duration.toNanos() / 1e6;
  }
}
