package simulations.run;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import kpi.Figure;
import kpi.KpiReport;
import kpi.Phase;
import kpi.Sample;
import kpi.UnusableFile;
import report.Report;
import settings.BadSettings;
import simulations.live.LiveFigures;
import simulations.live.LiveFigures.Moment;
import simulations.live.LiveFigures.Recorded;
import simulations.live.LiveFigures.SoFar;
import simulations.live.LiveLine;
import simulations.live.LiveServer;
import simulations.live.OtlpSender;
import verdict.Criteria.Judgement;

/**
 * Shows a run while it goes on: at the console always, on a page and by OpenTelemetry if the user
 * wants that. All but the line is computed only then.
 */
final class Live {
  /** Wait for the first full verdict so far. */
  private static final double SOON_S = 60;

  /** Bound of reading live heaps for it: a target that is suspended does not answer. */
  private static final double HEAPS_S = 3;

  /** Time between two verdicts in short. */
  private static final double GLANCE_S = 5;

  private final LiveSettings settings;
  private final LiveLine line;
  private final Optional<LiveServer> server;
  private Optional<OtlpSender> sender = Optional.empty();
  private Run run;
  private Judge judge;
  private double restS;
  private volatile Double plannedEndS;
  private double soFarAtS;

  /** Null until the next full verdict is due. */
  private CompletableFuture<Void> heaps;

  private double glanceAtS;
  private Moment last;
  private KpiReport glance;
  private SoFar soFar;

  private Live(LiveSettings settings, LiveLine line, Optional<LiveServer> server) {
    this.settings = settings;
    this.line = line;
    this.server = server;
  }

  /**
   * Listens, if that is wanted.
   *
   * @throws BadSettings if the port or address cannot be had
   */
  static Live open(CommonSettings common) {
    LiveSettings settings = common.live();
    Optional<LiveServer> server = Optional.empty();
    if (settings.live().number().isPresent()) {
      int port = settings.live().number().getAsInt();
      InetSocketAddress address = new InetSocketAddress(settings.liveAddress(), port);
      try {
        server = Optional.of(new LiveServer(address));
      } catch (IOException e) {
        String sentence =
            "-Dlive: cannot listen on %s:%d (%s); choose another port, 0 for any free one, or"
                + " another -Dlive-address";
        throw new BadSettings(
            List.of(sentence.formatted(settings.liveAddress(), port, e.getMessage())));
      }
    }
    return new Live(settings, new LiveLine(common.choices().monitor()), server);
  }

  /** Returns the address of the page, if there is one. */
  Optional<String> page() {
    String address = settings.liveAddress();
    String host = address.contains(":") ? "[" + address + "]" : address;
    return server.map(open -> "http://" + host + ":" + open.port() + "/");
  }

  /** Takes the run; before its first sample. */
  void start(Run of, Judge with) {
    run = of;
    judge = with;
    restS = judge.load().schedules().stream().mapToDouble(Arrivals::untilS).sum();
    sender = settings.otlpEndpoint().map(this::sender);
  }

  private OtlpSender sender(URI url) {
    ServiceProxy.toService(url.getHost(), ServiceProxy.port(url));
    String shown = Secrets.masked(url.toString());
    Map<String, String> headers = settings.otlpHeader().map(Headers::all).orElse(Map.of());
    var receiver = new OtlpSender.Receiver(url, shown, headers, settings.otlpInterval());
    return new OtlpSender(receiver, run.folder().path().toString(), Console::error);
  }

  /** Returns how the metrics were sent, in a sentence; empty if they were not to be. */
  String sending() {
    return sender.map(OtlpSender::outcome).orElse("");
  }

  void beginWarmUp(double nowS) {
    plannedEndS = nowS + run.common.warmup().toSeconds() + restS;
  }

  /** Begins a stage, one at a time. */
  void beginStage(double nowS, double untilS) {
    restS = Math.max(0, restS - untilS);
    plannedEndS = nowS + untilS + restS;
  }

  /** Takes a sample; on the sampler's thread only. */
  void onSample(Sample sample) {
    last = Moment.of(sample);
    if (line.isDue(sample.t())) {
      Console.line(line.words(last));
    }
    judgeSoFar(sample.t());
    if (server.isPresent() || sender.isPresent()) {
      if (run.isMeasuring() && sample.t() >= glanceAtS) {
        glanceAtS = sample.t() + GLANCE_S;
        Judge.Glance made = judge.glance();
        glance = made.report();
        soFar = made.verdict().checks().isEmpty() ? null : SoFar.of(made.verdict());
      }
      show(figures(glance == null ? Map.of() : glance.figures(), false));
    }
  }

  /** Judges a long run so far: a minute after its measured phase began, and then every so often. */
  private void judgeSoFar(double nowS) {
    double everyS = run.common.choices().verdictEvery().toSeconds();
    if (!run.isMeasuring() || run.settings.longest().toSeconds() < everyS) {
      return;
    }
    if (soFarAtS == 0) {
      soFarAtS = nowS + Math.min(SOON_S, everyS);
    } else if (nowS >= soFarAtS && heaps == null) {
      heaps = run.processes().readHeapsAfter();
    } else if (heaps != null && (heaps.isDone() || nowS >= soFarAtS + HEAPS_S)) {
      heaps = null;
      soFarAtS = nowS + everyS;
      Console.soFar(judge.soFar(), nowS);
    }
  }

  private LiveFigures figures(Map<String, Figure> figures, boolean ended) {
    CommonSettings common = run.common;
    Map<Phase, Recorded> phases = new EnumMap<>(Phase.class);
    for (Phase phase : Phase.values()) {
      Recording recording = run.recording(phase);
      if (recording.tally().started() > 0) {
        phases.put(phase, Recorded.of(phase, recording.recorders(), recording.tally()));
      }
    }
    return new LiveFigures(
        new LiveFigures.Run(
            common.simulation(),
            common.profile(),
            run.folder().path().toString(),
            run.settings.sentence(),
            run.settings.longest().toSeconds()),
        last,
        run.gatling.active(),
        plannedEndS,
        phases,
        figures,
        soFar,
        ended);
  }

  private void show(LiveFigures now) {
    server.ifPresent(open -> open.publish(now));
    sender.ifPresent(to -> to.publish(now));
  }

  /** Shows the verdict, within a bound, and ends; after the last sample. */
  void end(Judgement judgement) {
    if (last != null) {
      soFar = SoFar.of(judgement.verdict());
      show(figures(judgement.report().figures(), true));
    }
    server.ifPresent(LiveServer::close);
    sender.ifPresent(
        to -> {
          to.close();
          try { // Once more, with how the last of them was sent.
            ManifestFile.write(run);
            Report.write(run.folder().path());
          } catch (IOException | UnusableFile e) {
            Console.error("cannot write to the run folder: " + e.getMessage());
          }
        });
  }
}
