package testing;

import io.javalin.Javalin;
import io.javalin.http.Context;
import java.math.BigDecimal;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/** A bid service that is none of ours, with the original's contract and one item that exists. */
public final class ForeignAuction implements AutoCloseable {
  public static final String ITEM = "vase";
  private static final String PATH = "/api/v1/items/" + ITEM;
  private static final int OK = 200;
  private static final int CREATED = 201;
  private static final long DECISION_NS = 2_000_000;

  private final Javalin server;
  private final boolean losesUpdates;
  private final AtomicReference<Best> best =
      new AtomicReference<>(new Best(BigDecimal.TEN, "first"));

  private record Best(BigDecimal amount, String user) {
    Best orHigher(Best now) {
      return amount.compareTo(now.amount) > 0 ? this : now;
    }
  }

  /**
   * Listens on a free port of the loopback address.
   *
   * @param losesUpdates whether it reads, decides and writes without any lock
   */
  public ForeignAuction(boolean losesUpdates) {
    this.losesUpdates = losesUpdates;
    this.server =
        Javalin.create(
                config -> {
                  config.startup.showJavalinBanner = false;
                  config.routes.get(PATH, this::show);
                  config.routes.post(PATH + "/bid", this::bid);
                })
            .start("127.0.0.1", 0);
  }

  public URI url() {
    return URI.create("http://127.0.0.1:" + server.port());
  }

  @Override
  public void close() {
    server.stop();
  }

  private void show(Context context) {
    Best now = best.get();
    context.json(Map.of("id", ITEM, "current_bid", now.amount, "highest_bidder_id", now.user));
  }

  private void bid(Context context) {
    Map<?, ?> bid = context.bodyAsClass(Map.class);
    Best offered = new Best(new BigDecimal(bid.get("amount").toString()), "" + bid.get("user_id"));
    Best before = losesUpdates ? best.get() : best.getAndUpdate(offered::orHigher);
    boolean accepted = offered.orHigher(before).equals(offered);
    if (losesUpdates) {
      LockSupport.parkNanos(DECISION_NS);
      best.updateAndGet(now -> accepted ? offered : now);
    }
    context
        .status(accepted ? CREATED : OK)
        .json(Map.of("success", accepted, "current_bid", (accepted ? offered : before).amount));
  }
}
