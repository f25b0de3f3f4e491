package bench;

import io.nats.client.Connection;
import io.nats.client.Nats;
import io.netty.handler.codec.http.HttpMethod;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import redis.clients.jedis.Jedis;
import settings.JwtKey;
import settings.JwtPlan;
import stack.ManagedProcess;
import stack.NatsServer;
import stack.Peer;
import stack.RedisServer;
import stack.TargetProcess;

/** Lanes of token streams, and of servers started alone: relay, WebSockets of a feed, bids. */
final class Lanes {
  static final String DIRECT = "direct";
  static final String GAUNTLET = "gauntlet";
  static final String STREAMS = DIRECT + "," + GAUNTLET + ",nginx,haproxy";
  static final String RELAY = "core,durable";
  static final String FANOUT = "ticker,broadcast,nats,nchan";
  static final String SSE = "events,nchan-sse,node,better-sse";
  static final String BIDS = "lua,optimistic";

  static final String SMALL = "128m";

  private static final String NCHAN_SSE = "nchan-sse";

  private static final String LARGE = "256m";
  static final String ITEM = "bench";
  private static final String WAIT = "--first-token=120s";
  private static final String PROMPT =
      "{\"model\":\"bench\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"Tell a"
          + " long story.\"}]}";

  private final Stage stage;
  private final Map<String, Long> pids = new LinkedHashMap<>();

  private Lanes(Stage stage) {
    this.stage = stage;
  }

  static Lane start(String name, Stage stage, int receivers)
      throws IOException, InterruptedException {
    Lanes lanes = new Lanes(stage);
    String most = Integer.toString(receivers + 1000);
    return switch (name) {
      case "ticker" -> lanes.ticker(most);
      case "broadcast" -> lanes.broadcast(most);
      case "nats" -> lanes.nats();
      case "nchan" -> lanes.nchan(receivers);
      case "events", NCHAN_SSE, "node", "better-sse" -> lanes.eventSource(name, receivers);
      case "core", "durable" -> lanes.relay(name);
      default -> lanes.bids(name);
    };
  }

  /** Returns the names of installed lanes; reports the others. */
  static List<String> installed(List<String> names, Consumer<String> report) {
    List<String> installed = new ArrayList<>(names);
    installed.removeIf(name -> !peer(name).map(Peer.Kind::isInstalled).orElse(true));
    names.stream()
        .filter(name -> !installed.contains(name))
        .forEach(name -> report.accept(name + " is not installed and was left out"));
    return installed;
  }

  private static Optional<Peer.Kind> peer(String lane) {
    return Peer.Kind.of(lane.equals(NCHAN_SSE) ? "nchan" : lane);
  }

  /** Starts a lane of token streams: direct, through Gauntlet's proxy, or the peer of that name. */
  static Lane streams(String name, Stage stage, URI llm, int streams, Duration rampup) {
    Lanes lanes = new Lanes(stage);
    URI url =
        switch (name) {
          case DIRECT -> llm;
          case GAUNTLET -> {
            String upstream = "--upstream=" + llm;
            String most = "--max-streams=" + (2 * streams + 100);
            yield lanes
                .named(name, stage.target("proxy", SMALL, upstream, "--threads=1", most))
                .url();
          }
          default -> {
            Peer.Kind kind = Peer.Kind.of(name).orElseThrow();
            Peer peer = Peer.proxy(kind, List.of(llm), streams, stage.folder());
            yield lanes.named(name, stage.own(peer, Peer::close)).url();
          }
        };
    return new Lane(
        name,
        Plan.Kind.PACED,
        lanes.pids,
        Optional.empty(),
        Lane.Sender.NONE,
        load ->
            new Receivers(url, load, rampup.dividedBy(streams))
                .requests(
                    receiver ->
                        Receivers.request(HttpMethod.POST, url, path(load.plan()), PROMPT)));
  }

  /** Keeps the process for the meter, under a name. */
  private <P extends ManagedProcess> P named(String name, P process) {
    pids.put(name, process.pid());
    return process;
  }

  private static String path(Plan plan) {
    return "/v1/chat/completions?tokens=%s&duration_ms=%s&first_token_ms=0&jitter_ms=0"
        .formatted(plan.messages(), TimeUnit.NANOSECONDS.toMillis(plan.publishNs(plan.messages())));
  }

  private Lane relay(String delivery) {
    String redis = redis();
    String nats = natsServer();
    target("relay-bridge", SMALL, "--nats", nats, "--delivery", delivery, "--redis", redis);
    TargetProcess adapter =
        target("relay-adapter", SMALL, "--nats", nats, "--delivery", delivery, WAIT);
    Jedis jedis = stage.own(new Jedis(redis), Jedis::close);
    URI url = adapter.url();
    return new Lane(
        delivery,
        Plan.Kind.BY_TURNS,
        pids,
        Optional.of(adapter),
        (load, first, count) ->
            Messages.toRedis(jedis, load, first, count, delivery.equals("durable")),
        load ->
            new Receivers(url, load, Receivers.ONE_BY_ONE)
                .requests(
                    receiver ->
                        Receivers.request(
                            HttpMethod.GET, url, "/stream/" + load.stream(receiver), "")));
  }

  private Lane ticker(String most) throws IOException, InterruptedException {
    String nats = natsServer();
    TargetProcess ticker = target("ticker", LARGE, "--nats", nats, "--max-connections", most);
    String token = JwtPlan.GOOD.mint(JwtKey.OF_DEVELOPMENT, InstantSource.system()).apply("viewer");
    return webSockets(ticker, nats, "odin.trades." + ITEM, "/ws?token=" + token);
  }

  private Lane broadcast(String most) throws IOException, InterruptedException {
    String nats = natsServer();
    TargetProcess broadcast = target("broadcast", LARGE, "--nats", nats, "--max-viewers", most);
    return webSockets(broadcast, nats, "bid.events." + ITEM, "/ws/items/" + ITEM);
  }

  private Lane webSockets(TargetProcess target, String nats, String subject, String path)
      throws IOException, InterruptedException {
    URI socket = webSocket(target.url(), path);
    return toAll(target.name(), Optional.of(target), toNats(nats, subject), socket, "");
  }

  private Lane nats() throws IOException, InterruptedException {
    NatsServer nats = named("nats", stage.own(NatsServer.web(stage.folder()), NatsServer::discard));
    String greeting =
        """
        CONNECT {"verbose":false,"pedantic":false,"lang":"bench","version":"1"}\r
        SUB bench.messages 1\r
        """;
    URI socket = nats.webSocketUrl().resolve("/");
    return toAll(
        "nats",
        Optional.empty(),
        toNats(nats.url().toString(), "bench.messages"),
        socket,
        greeting);
  }

  private Lane nchan(int viewers) {
    URI nchan = pushing("nchan", Peer.Kind.NCHAN, viewers);
    URI socket = webSocket(nchan, "/ws/items/" + ITEM);
    return toAll("nchan", Optional.empty(), toHttp(nchan, "/publish/" + ITEM), socket, "");
  }

  private Lane eventSource(String name, int clients) {
    Optional<TargetProcess> target =
        peer(name).isPresent()
            ? Optional.empty()
            : Optional.of(target(name, LARGE, "--max-streams", Integer.toString(clients + 1000)));
    URI url =
        target
            .map(TargetProcess::url)
            .orElseGet(() -> pushing(name, peer(name).orElseThrow(), clients));
    String path = "/broadcast";
    return toAll(
        name,
        target,
        toHttp(url, path),
        load ->
            new Receivers(url, load, Receivers.ONE_BY_ONE)
                .requests(receiver -> Receivers.request(HttpMethod.GET, url, path, "")));
  }

  private URI pushing(String name, Peer.Kind kind, int clients) {
    return named(name, stage.own(Peer.pushing(kind, clients, stage.folder()), Peer::close)).url();
  }

  private static Publish toHttp(URI url, String path) {
    HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    return json -> send(http, "POST", url.resolve(path), json);
  }

  private Lane toAll(
      String name, Optional<TargetProcess> target, Publish publish, URI socket, String greeting) {
    return toAll(
        name,
        target,
        publish,
        load -> new Receivers(socket, load, Receivers.ONE_BY_ONE).webSockets(greeting));
  }

  private Lane toAll(
      String name,
      Optional<TargetProcess> target,
      Publish publish,
      Function<Arrivals, Receivers> end) {
    return new Lane(
        name,
        Plan.Kind.TO_ALL,
        pids,
        target,
        (load, first, count) -> {
          for (int message = first; message < first + count; message++) {
            publish.publish(Messages.bid(load.plan().first() + message));
          }
        },
        end);
  }

  private interface Publish {
    void publish(String json) throws IOException, InterruptedException;
  }

  private Lane bids(String strategy) throws IOException, InterruptedException {
    String redis = redis();
    String nats = natsServer();
    TargetProcess bids =
        target("bids", LARGE, "--redis", redis, "--nats", nats, "--strategy", strategy);
    HttpClient http = HttpClient.newHttpClient();
    String item = "/api/v1/items/" + ITEM;
    URI url = bids.url();
    AtomicLong cents = new AtomicLong(100);
    send(http, "PUT", url.resolve(item), "");
    return new Lane(
        strategy,
        Plan.Kind.CLOSED,
        pids,
        Optional.of(bids),
        Lane.Sender.NONE,
        load ->
            new Receivers(url, load, Receivers.ONE_BY_ONE)
                .requests(
                    receiver -> {
                      long next = cents.incrementAndGet();
                      long bid = next % 8 == 0 ? 1 : next;
                      String body =
                          "{\"user_id\":\"user-%s\",\"amount\":%s}"
                              .formatted(receiver, BigDecimal.valueOf(bid, 2));
                      return Receivers.request(HttpMethod.POST, url, item + "/bid", body);
                    }));
  }

  private String redis() {
    RedisServer redis = RedisServer.start(stage.folder());
    return named("redis", stage.own(redis, RedisServer::discard)).url().toString();
  }

  private String natsServer() {
    NatsServer nats = NatsServer.start(stage.folder());
    return named("nats", stage.own(nats, NatsServer::discard)).url().toString();
  }

  private TargetProcess target(String name, String heap, String... options) {
    TargetProcess target = stage.target(name, heap, options);
    return named(target.name(), target);
  }

  private Publish toNats(String nats, String subject) throws IOException, InterruptedException {
    Connection connection = stage.own(Nats.connect(nats), Lanes::close);
    return json -> connection.publish(subject, json.getBytes(StandardCharsets.UTF_8));
  }

  private static void close(Connection connection) {
    try {
      connection.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static URI webSocket(URI url, String path) {
    return URI.create(url.toString().replaceFirst("^http", "ws")).resolve(path);
  }

  private static void send(HttpClient http, String method, URI url, String body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(url).method(method, BodyPublishers.ofString(body)).build();
    int status = http.send(request, BodyHandlers.discarding()).statusCode();
    if (status / 100 != 2) {
      throw new IOException(url + " answered with status " + status);
    }
  }
}
