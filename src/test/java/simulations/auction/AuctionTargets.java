package simulations.auction;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import kpi.MetricsSource;
import simulations.run.BundledProcesses;
import simulations.run.Run;
import stack.NatsServer;
import stack.PostgresServer;
import stack.RedisServer;
import stack.Server;
import stack.TargetProcess;

/**
 * The auction under load: started with its servers, or reached.
 *
 * @param api where bids are made
 * @param socket where viewers connect, without the path; empty if there is no broadcast service
 * @param stores behind it; empty if the auction is the user's own
 * @param metrics of the parts that tell them
 */
public record AuctionTargets(
    URI api,
    Optional<URI> socket,
    Optional<AuctionStores> stores,
    Map<AuctionPart, MetricsSource> metrics) {

  /**
   * Starts the parts that are needed and their servers, or reaches the user's own. What is started
   * belongs to the run, which samples and stops it.
   *
   * @throws stack.StackFailure if something cannot be had
   */
  public static AuctionTargets prepare(Run run, AuctionService service, BundledAuction bundled) {
    return service.isOwn() ? reach(run, service) : start(run, bundled);
  }

  /** Where an item's viewers connect; only with a broadcast service. */
  public URI viewers(String item) {
    String base = socket.orElseThrow().toString().replaceFirst("/+$", "");
    return URI.create(base + "/ws/items/" + item);
  }

  private static AuctionTargets reach(Run run, AuctionService service) {
    URI api = service.api().orElseThrow();
    BundledProcesses.reach("-D" + service.apiOption(), api);
    service.socket().ifPresent(url -> BundledProcesses.reach("-Dws-url", url));
    run.processes().reachesOut();
    Map<AuctionPart, MetricsSource> metrics = new EnumMap<>(AuctionPart.class);
    watch(run, metrics, AuctionPart.BIDS, api);
    service
        .socket()
        .map(url -> URI.create(url.toString().replaceFirst("^ws", "http")))
        .ifPresent(url -> watch(run, metrics, AuctionPart.BROADCAST, url));
    return new AuctionTargets(api, service.socket(), Optional.empty(), metrics);
  }

  private static AuctionTargets start(Run run, BundledAuction bundled) {
    Path logs = run.folder().log("servers").toAbsolutePath().getParent();
    RedisServer redis = owned(run, RedisServer.start(logs));
    NatsServer nats = owned(run, NatsServer.start(logs));
    AuctionStores stores = new AuctionStores(redis.url(), nats.url().toString(), Optional.empty());
    Map<AuctionPart, TargetProcess> targets = new EnumMap<>(AuctionPart.class);
    for (AuctionPart part : bundled.parts()) {
      if (part == AuctionPart.ARCHIVE) {
        // PostgreSQL takes longest to get ready; the other services start meanwhile.
        String url = owned(run, PostgresServer.start(logs)).url().toString();
        stores = new AuctionStores(stores.redis(), stores.nats(), Optional.of(url));
      }
      targets.put(part, launch(run, bundled, part, stores));
    }
    Map<AuctionPart, MetricsSource> metrics = new EnumMap<>(AuctionPart.class);
    targets.forEach(
        (part, target) -> {
          target.awaitReady();
          watch(run, metrics, part, target.url());
        });
    Optional<URI> socket =
        Optional.ofNullable(targets.get(AuctionPart.BROADCAST))
            .map(target -> URI.create(target.url().toString().replaceFirst("^http", "ws")));
    return new AuctionTargets(
        targets.get(AuctionPart.BIDS).url(), socket, Optional.of(stores), metrics);
  }

  private static TargetProcess launch(
      Run run, BundledAuction bundled, AuctionPart part, AuctionStores stores) {
    List<String> options = new ArrayList<>(List.of("--nats", stores.nats()));
    switch (part) {
      case BIDS -> options.addAll(List.of("--redis", stores.redis().toString()));
      case ARCHIVE -> options.addAll(List.of("--postgres", stores.postgres().orElseThrow()));
      case BROADCAST -> {} // Needs no more than NATS.
    }
    options.addAll(bundled.options().getOrDefault(part, List.of()));
    return bundled
        .processes()
        .launch(
            run,
            part.word(),
            part.word(),
            bundled.defects().getOrDefault(part, ""),
            options.toArray(String[]::new));
  }

  private static <S extends Server> S owned(Run run, S server) {
    run.processes().own(server);
    return server;
  }

  private static void watch(
      Run run, Map<AuctionPart, MetricsSource> metrics, AuctionPart part, URI url) {
    BundledProcesses.watched(run, BundledProcesses.metrics(part.word(), url))
        .ifPresent(source -> metrics.put(part, source));
  }
}
