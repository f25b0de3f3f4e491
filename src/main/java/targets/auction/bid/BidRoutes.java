package targets.auction.bid;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import targets.auction.Names;
import targets.auction.bid.Book.Change;
import targets.shared.Json;
import targets.shared.Metrics;
import targets.shared.StreamSlots;
import targets.shared.StreamSlots.Grant;
import targets.shared.Troubles;

/** What the bid service answers, and on which path. Thread-safe. */
final class BidRoutes {
  private static final String ITEM = "/api/v1/items/{id}";
  private static final int OK = 200;
  private static final int BAD_REQUEST = 400;
  private static final int TOO_LARGE = 413;
  private static final int WRONG_TYPE = 415;
  private static final int PLANTED = 500;
  private static final int UNAVAILABLE = 503;

  private final Book book;
  private final EventIds ids;
  private final BidMetrics metrics;
  private final StreamSlots slots;
  private final Troubles troubles;
  private final Supplier<Optional<String>> unready;

  /**
   * @param slots a request under way takes one
   * @param troubles told about each request
   * @param unready why the service is not ready; empty if it is
   */
  BidRoutes(
      Book book,
      EventIds ids,
      BidMetrics metrics,
      StreamSlots slots,
      Troubles troubles,
      Supplier<Optional<String>> unready) {
    this.book = book;
    this.ids = ids;
    this.metrics = metrics;
    this.slots = slots;
    this.troubles = troubles;
    this.unready = unready;
  }

  void add(RoutesConfig routes) {
    routes.post(ITEM + "/bid", context -> item(context, id -> bid(context, id)));
    routes.get(ITEM, context -> item(context, id -> BidReply.of(id, counted(book.read(id)))));
    routes.put(ITEM, context -> item(context, id -> change(id, Change.MAKE)));
    for (Change change : new Change[] {Change.OPEN, Change.CLOSE, Change.RESET}) {
      String word = change.name().toLowerCase(Locale.ROOT);
      routes.post(ITEM + "/" + word, context -> item(context, id -> change(id, change)));
    }
    routes.get("/healthz", context -> send(context, BidReply.of(OK, Map.of("status", "ok"))));
    routes.get("/health", this::ready);
    routes.get("/readyz", this::ready);
    routes.get(Metrics.PATH, this::metrics);
    routes.get(Metrics.PROMETHEUS_PATH, this::metrics);
    routes.error(
        404,
        "*",
        context -> {
          if (context.resultInputStream() == null || isPlainText(context)) {
            send(context, BidReply.error(404, "nothing is at " + context.path()));
          }
        });
    routes.error(
        405,
        "*",
        context -> send(context, BidReply.error(405, "the method is not one that this path has")));
  }

  private static boolean isPlainText(Context context) {
    String type = context.res().getContentType();
    return type == null || type.startsWith("text/plain");
  }

  /** A request about an item: counted, bounded, and never thrown out of. */
  private void item(Context context, Function<String, BidReply> answer) {
    Grant grant = slots.take();
    if (grant != Grant.TAKEN) {
      metrics.refused.increment();
      String reason = grant == Grant.FULL ? "too many requests are under way" : "stopping";
      send(context, BidReply.undecided(reason, "false"));
      return;
    }
    try {
      if (troubles.strike()) {
        send(context, BidReply.error(PLANTED, "a planted error"));
        return;
      }
      String id = context.pathParam("id");
      BidReply reply =
          Names.isItemId(id)
              ? answer.apply(id)
              : BidReply.error(BAD_REQUEST, "an item's id has " + Names.ITEM_ID_WORDS);
      if (reply.status() >= BAD_REQUEST && reply.status() < PLANTED) {
        metrics.bad.increment();
      }
      send(context, reply);
    } finally {
      slots.giveBack();
    }
  }

  private BidReply bid(Context context, String id) {
    String type = context.contentType();
    if (type == null || !type.toLowerCase(Locale.ROOT).startsWith("application/json")) {
      return BidReply.error(WRONG_TYPE, "the body must be application/json");
    }
    byte[] body;
    try {
      body = context.bodyInputStream().readNBytes(BidRequest.BYTES_MAX + 1);
    } catch (IOException e) {
      return BidReply.error(BAD_REQUEST, "the body did not come");
    }
    if (body.length > BidRequest.BYTES_MAX) {
      context.header("Connection", "close");
      return BidReply.error(
          TOO_LARGE, "the body must have at most " + BidRequest.BYTES_MAX + " bytes");
    }
    BidRequest.Read read = BidRequest.read(body, context.header("Idempotency-Key"));
    if (read instanceof BidRequest.Read.Bad bad) {
      return BidReply.error(BAD_REQUEST, bad.problem());
    }
    BidRequest request = ((BidRequest.Read.Good) read).request();
    metrics.bids.increment();
    Bid bid =
        new Bid(
            id, request.userId(), request.cents(), ids.next(), ids.next(), request.requestKey());
    return BidReply.of(bid, counted(book.bid(bid)));
  }

  private BidReply change(String id, Change change) {
    return BidReply.of(id, counted(book.change(id, change, ids.next())));
  }

  private Decision counted(Decision decision) {
    metrics.answered(decision.kind());
    return decision;
  }

  private void ready(Context context) {
    Optional<String> reason = unready.get();
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("status", reason.isEmpty() ? "ok" : "unready");
    reason.ifPresent(why -> body.put("reason", why));
    send(context, BidReply.of(reason.isEmpty() ? OK : UNAVAILABLE, body));
  }

  private void metrics(Context context) {
    String accept = Optional.ofNullable(context.header("Accept")).orElse("");
    Metrics.Page page = metrics.page().page(context.path(), accept);
    context.status(OK).contentType(page.type()).result(page.body());
  }

  private static void send(Context context, BidReply reply) {
    if (reply.status() == UNAVAILABLE) {
      context.header("Retry-After", "1");
    }
    context.status(reply.status()).contentType("application/json").result(Json.bytes(reply.body()));
  }
}
