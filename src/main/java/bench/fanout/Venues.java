package bench.fanout;

import bench.OtherServer;
import bench.Programs;
import bench.Stage;
import io.nats.client.Connection;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import settings.TokenKey;
import settings.TokenMint;
import settings.TokenPlan;
import stack.NatsServer;
import stack.StackFailure;
import stack.TargetProcess;

/** Starts the processes of a lane. */
final class Venues {
  static final String NATS = "nats";
  private static final String TRADES = "odin.trades." + Announcement.ITEM;
  private static final String STORED_EVENTS = "bid.events." + Announcement.ITEM;
  private static final String PLAIN = "bench.messages";
  private static final Duration BOUND = Duration.ofSeconds(10);

  /** Room for the viewers that warm up before the others come. */
  private static final int SPARE_VIEWERS = 1000;

  private final FanOutSettings settings;
  private final Programs programs;
  private final InstantSource wall;

  /**
   * @param programs where nginx is looked for
   * @param wall tells when now is, for tokens
   */
  Venues(FanOutSettings settings, Programs programs, InstantSource wall) {
    this.settings = settings;
    this.programs = programs;
    this.wall = wall;
  }

  /**
   * Starts what a lane needs; returns when all of it is ready.
   *
   * @param folder takes configurations and logs
   * @throws StackFailure if a process cannot be had; then none is left
   */
  Venue start(LaneKind kind, Path folder) {
    Stage stage = new Stage(settings.readyWithin(), folder);
    try {
      return switch (kind) {
        case TICKER -> ticker(stage);
        case BROADCAST -> broadcast(stage);
        case NATS -> nats(stage);
        case NCHAN -> nchan(stage);
      };
    } catch (StackFailure e) {
      stage.close();
      throw e;
    }
  }

  private Venue ticker(Stage stage) {
    NatsServer nats = NatsServer.start(stage.folder());
    stage.own(nats::discard);
    String token = new TokenMint(TokenKey.ofDevelopment(), TokenPlan.GOOD, wall).mint("viewer");
    return behindNats(
        LaneKind.TICKER, stage, nats, "/ws?token=" + token, TRADES, "--max-connections");
  }

  private Venue broadcast(Stage stage) {
    NatsServer nats = NatsServer.start(stage.folder());
    stage.own(nats::discard);
    return behindNats(
        LaneKind.BROADCAST,
        stage,
        nats,
        "/ws/items/" + Announcement.ITEM,
        STORED_EVENTS,
        "--max-viewers");
  }

  private Venue behindNats(
      LaneKind kind, Stage stage, NatsServer nats, String path, String subject, String most) {
    String name = kind.word();
    TargetProcess target =
        stage.target(
            name,
            name,
            settings.jvmOptions(),
            List.of("--nats", nats.url().toString(), most, Integer.toString(viewersMax())));
    Map<String, Long> pids = new LinkedHashMap<>();
    pids.put(NATS, nats.pid());
    pids.put(name, target.pid());
    return new Venue(
        kind,
        webSocket(target.url(), path),
        Optional.empty(),
        mouth(stage, nats.url(), subject),
        name,
        pids,
        Optional.of(target),
        List.of(nats.version(), "Java " + Runtime.version()),
        stage);
  }

  private Venue nats(Stage stage) {
    NatsServer nats = NatsServer.web(stage.folder());
    stage.own(nats::discard);
    String greeting =
        "CONNECT {\"verbose\":false,\"pedantic\":false,\"lang\":\"bench\",\"version\":\"1\"}\r\n"
            + ("SUB " + PLAIN + " 1\r\n");
    return new Venue(
        LaneKind.NATS,
        nats.webSocketUrl().resolve("/"),
        Optional.of(greeting),
        mouth(stage, nats.url(), PLAIN),
        NATS,
        Map.of(NATS, nats.pid()),
        Optional.empty(),
        List.of(nats.version()),
        stage);
  }

  private Venue nchan(Stage stage) {
    Nchan nchan = Nchan.find(programs);
    int port = OtherServer.freePort();
    List<String> command = nchan.command(stage.folder(), port, viewersMax());
    OtherServer server =
        OtherServer.launch("nchan", command, port, stage.folder().resolve("nchan.log"));
    stage.own(server);
    server.awaitReady(settings.readyWithin());
    HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    return new Venue(
        LaneKind.NCHAN,
        webSocket(server.url(), Nchan.SUBSCRIBE),
        Optional.empty(),
        message -> post(http, server.url().resolve(Nchan.PUBLISH), message),
        "nginx",
        Map.of("nginx", server.pid()),
        Optional.empty(),
        List.of(nchan.version()),
        stage);
  }

  private int viewersMax() {
    return settings.viewers() + SPARE_VIEWERS;
  }

  private static URI webSocket(URI url, String path) {
    return URI.create(url.toString().replaceFirst("^http", "ws")).resolve(path);
  }

  private static Venue.Mouth mouth(Stage stage, URI nats, String subject) {
    Options options =
        new Options.Builder()
            .server(nats.toString())
            .connectionTimeout(BOUND)
            .noReconnect()
            .build();
    try {
      Connection connection = Nats.connect(options);
      stage.own(connection);
      return message -> connection.publish(subject, message);
    } catch (IOException e) {
      throw new StackFailure("cannot publish at " + nats + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StackFailure("interrupted while connecting to " + nats, e);
    }
  }

  private static void post(HttpClient http, URI url, byte[] message)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(url)
            .timeout(BOUND)
            .POST(HttpRequest.BodyPublishers.ofByteArray(message))
            .build();
    int status = http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    if (status / 100 != 2) {
      throw new IOException("nchan answers " + status);
    }
  }
}
