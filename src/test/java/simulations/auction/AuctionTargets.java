package simulations.auction;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import kpi.Outcome;
import simulations.run.Access;
import simulations.run.Recording;
import simulations.run.Run;
import simulations.run.RunProcesses;
import stack.NatsServer;
import stack.Peer;
import stack.PostgresServer;
import stack.RedisServer;
import stack.StackFailure;
import stack.TargetProcess;

/**
 * The auction under load: started with its servers, or reached.
 *
 * @param socket address of viewers without the path; empty if there is no broadcast service
 * @param stores behind it; empty if the auction is the user's own
 * @param headers of the user's own, of each request
 * @param runName a name that no other run uses, for items and idempotency keys
 */
public record AuctionTargets(
    URI api,
    BidForm form,
    Optional<URI> socket,
    Optional<AuctionStores> stores,
    Map<String, String> headers,
    String runName) {
  private static final int PEER_VIEWERS = 10_000;
  private static final Duration CONNECT_BOUND = Duration.ofSeconds(5);

  /** The services of the auction: all need NATS, BIDS also Redis, ARCHIVE also PostgreSQL. */
  public enum Part {
    BIDS,
    BROADCAST,
    ARCHIVE;

    /** Returns the word after {@code serve}, which is also the process's name in the run. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    String defectOption() {
      return this == BIDS ? "bid.defect" : word() + ".defect";
    }
  }

  /**
   * A viewer of an item that is not part of the load: a WebSocket of the JDK, from before the first
   * bid to the end of the run. Thread-safe.
   */
  static final class Viewer implements WebSocket.Listener {
    final AuctionRecorder recorder;
    private final StringBuilder part = new StringBuilder();
    private final WebSocket socket;
    private volatile Optional<Outcome> lost = Optional.empty();

    private Viewer(WebSocket.Builder connecting, URI url, AuctionRecorder recorder) {
      this.recorder = recorder;
      try {
        socket = connecting.connectTimeout(CONNECT_BOUND).buildAsync(url, this).join();
      } catch (CompletionException e) {
        String why = String.valueOf(e.getCause());
        if (e.getCause() instanceof WebSocketHandshakeException refused) {
          why = "it answered " + refused.getResponse().statusCode();
        }
        throw new StackFailure("viewers cannot connect to " + url + ": " + why, e);
      }
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence text, boolean last) {
      part.append(text);
      if (last) {
        var unused = recorder.onFrame(part.toString());
        part.setLength(0);
      }
      from.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int status, String reason) {
      lost = Optional.of(Outcome.CLOSED_EARLY);
      return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
      lost = Optional.of(Outcome.RESET);
    }

    void leave() {
      recorder.finish(lost);
      socket.abort();
    }
  }

  /** Starts the parts that are needed and their servers, or reaches the user's own. */
  public static AuctionTargets prepare(AuctionSettings settings, Run run) {
    String runName = "load-" + Long.toString(Instant.now().toEpochMilli(), Character.MAX_RADIX);
    return settings.isOwn() ? reach(settings, run, runName) : start(settings, run, runName);
  }

  /** Returns the bid service's items, before and after the load. */
  public ItemApi items() {
    return new ItemApi(api, form, headers);
  }

  /** Connects viewers that are not part of the load; none without a broadcast service. */
  List<Viewer> view(AuctionItem item, int viewers, LongSupplier nanoClock) {
    WebSocket.Builder connecting = HttpClient.newHttpClient().newWebSocketBuilder();
    headers.forEach(connecting::header);
    return Stream.generate(
            () -> new AuctionRecorder(Recording.ofStage(nanoClock), item, () -> false))
        .limit(socket.isPresent() ? viewers : 0)
        .map(recorder -> new Viewer(connecting, URI.create(socketBase() + item.viewPath), recorder))
        .toList();
  }

  /** Returns the stores with an archive that the run can read, if there is one. */
  Optional<AuctionStores> archive() {
    return stores.filter(each -> each.postgres().isPresent());
  }

  /** Returns whether the run can read the archive. */
  public boolean isArchiveRead() {
    return archive().isPresent();
  }

  /** Returns the archived bids of an item; throws if the archive's store does not answer. */
  public long archived(AuctionItem item) throws IOException {
    return stores.orElseThrow().archived(List.of(item.name));
  }

  public String socketBase() {
    return socket.orElseThrow().toString().replaceFirst("/+$", "");
  }

  private static AuctionTargets reach(AuctionSettings settings, Run run, String runName) {
    RunProcesses processes = run.processes();
    URI api = settings.api().orElseThrow();
    Access.reach("-D" + settings.apiOption(), api);
    Optional<URI> socket = settings.service().socket();
    socket.ifPresent(url -> Access.reach("-Dws-url", url));
    processes.probe(Part.BIDS.word(), api);
    socket.ifPresent(url -> processes.probe(Part.BROADCAST.word(), scheme(url, "^ws", "http")));
    return new AuctionTargets(
        api, settings.form(), socket, Optional.empty(), run.access().headers(), runName);
  }

  private static AuctionTargets start(AuctionSettings settings, Run run, String runName) {
    RunProcesses processes = run.processes();
    RedisServer redis = processes.own(RedisServer.start(run.logs()));
    NatsServer nats = processes.own(NatsServer.start(run.logs()));
    String natsUrl = nats.url().toString();
    Optional<String> postgres = Optional.empty();
    Map<Part, TargetProcess> targets = new EnumMap<>(Part.class);
    Set<Part> parts = EnumSet.copyOf(settings.parts());
    if (settings.service().broadcastPeer().isPresent()) {
      parts.remove(Part.BROADCAST);
    }
    for (Part part : parts) {
      String word = part.word();
      List<String> options =
          new ArrayList<>(List.of("--nats", processes.via(word + "-nats", natsUrl)));
      options.addAll(settings.options(part));
      if (part == Part.BIDS) {
        String url = redis.url().toString();
        options.addAll(List.of("--redis", processes.via("bids-redis", url)));
      } else if (part == Part.ARCHIVE) {
        // PostgreSQL takes longest to get ready; the other services start meanwhile.
        String url = processes.own(PostgresServer.start(run.logs())).url().toString();
        postgres = Optional.of(url);
        options.addAll(List.of("--postgres", processes.via("archive-postgres", url)));
      }
      String[] all = options.toArray(String[]::new);
      targets.put(part, processes.launch(word, word, settings.defect(part), all));
    }
    targets.forEach(
        (part, target) -> {
          target.awaitReady();
          processes.counters(part.word(), target.url());
        });
    Optional<URI> broadcast =
        settings
            .service()
            .broadcastPeer()
            .map(peer -> peer(peer, settings, run, natsUrl))
            .or(() -> Optional.ofNullable(targets.get(Part.BROADCAST)).map(TargetProcess::url));
    return new AuctionTargets(
        URI.create(processes.via("users-bids", targets.get(Part.BIDS).url().toString())),
        settings.form(),
        broadcast
            .map(url -> processes.via("users-broadcast", url.toString()))
            .map(url -> scheme(URI.create(url), "^http", "ws")),
        Optional.of(new AuctionStores(redis.url(), natsUrl, postgres)),
        run.access().headers(),
        runName);
  }

  /** Starts a peer in the broadcast service's place, and passes the events on to it. */
  private static URI peer(String name, AuctionSettings settings, Run run, String nats) {
    String word = Part.BROADCAST.word();
    Peer.Kind kind = Peer.Kind.of(name).orElseThrow();
    int viewers = settings.maxViewers().orElse(PEER_VIEWERS);
    URI url =
        run.processes().own(word, Peer.pushing(kind, viewers, run.logs().resolve(word))).url();
    run.processes().endWith(new PeerFeed(nats, url)::close);
    return url;
  }

  private static URI scheme(URI url, String from, String to) {
    return URI.create(url.toString().replaceFirst(from, to));
  }
}
