package testing;

import static org.eclipse.jetty.ee10.servlet.ServletContextRequest.getServletContextRequest;

import io.javalin.Javalin;
import io.javalin.http.Context;
import java.net.URI;
import java.util.Map;

/**
 * A bid service that is none of ours: its own paths and names, whole numbers as amounts, and a
 * rejection that is a status without a price.
 */
public final class ForeignBids implements AutoCloseable {
  private static final int RAISE = 5;

  private final Kind kind;
  private final Javalin server;
  private long price;
  private String leader = "";
  private int bids;

  /** Its fault. */
  public enum Kind {
    PERFECT,
    /** One of twenty accepted bids is not stored. */
    FORGETS,
    /** One of fifty bids has its connection cut after it was decided. */
    CUTS
  }

  /** Listens on a free port of the loopback address. */
  public ForeignBids(Kind kind) {
    this.kind = kind;
    this.server =
        Javalin.create(
                config -> {
                  config.startup.showJavalinBanner = false;
                  config.routes.get("/auctions/vase", this::read);
                  config.routes.post("/auctions/vase/offers", this::bid);
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

  private synchronized void read(Context context) {
    context.json(Map.of("lot", Map.of("highest", price, "leader", leader)));
  }

  private synchronized void bid(Context context) {
    Map<?, ?> bid = context.bodyAsClass(Map.class);
    int value = (Integer) bid.get("value");
    if (value < price + RAISE) {
      context.status(409).result("outbid");
      return;
    }
    bids++;
    if (kind != Kind.FORGETS || bids % 20 != 0) {
      price = value;
      leader = bid.get("bidder").toString();
    }
    if (kind == Kind.CUTS && bids % 50 == 0) {
      var connection = getServletContextRequest(context.req()).getConnectionMetaData();
      connection.getConnection().getEndPoint().close();
    }
    context.status(200).json(Map.of("offer", value));
  }
}
