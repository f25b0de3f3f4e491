package targets.auction.bid;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import targets.auction.Names;
import targets.auction.bid.Items.Change;
import targets.shared.Counters;
import targets.shared.Json;
import targets.shared.Service;
import targets.shared.StreamSlots;
import targets.shared.StreamSlots.Grant;

/** The paths of the bid service. Thread-safe. */
final class BidRoutes {
  private static final String ITEM = "/api/v1/items/{id}";

  /** Prefix of ids that are unique among all processes. */
  private final String process = UUID.randomUUID().toString().replace("-", "");

  private final AtomicLong ids = new AtomicLong();
  private final Items items;
  private final BidCounters counters;
  private final StreamSlots slots;
  private final Service service;

  BidRoutes(Items items, BidCounters counters, StreamSlots slots, Service service) {
    this.items = items;
    this.counters = counters;
    this.slots = slots;
    this.service = service;
  }

  void add(RoutesConfig routes) {
    routes.post(ITEM + "/bid", context -> item(context, id -> bid(context, id)));
    routes.get(ITEM, context -> item(context, id -> BidReply.of(id, counted(items.read(id)))));
    routes.put(ITEM, context -> item(context, id -> change(id, Change.MAKE)));
    for (Change change : List.of(Change.OPEN, Change.CLOSE, Change.RESET)) {
      String path = ITEM + "/" + Counters.label(change);
      routes.post(path, context -> item(context, id -> change(id, change)));
    }
    Service.PAGES.forEach(path -> routes.get(path, this::page));
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
        context -> send(context, BidReply.error(405, "this path does not have the method")));
  }

  private static boolean isPlainText(Context context) {
    String type = context.res().getContentType();
    return type == null || type.startsWith("text/plain");
  }

  /** Answers a request about an item within the limit of requests under way. */
  private void item(Context context, Function<String, BidReply> answer) {
    Grant grant = slots.take();
    if (grant != Grant.TAKEN) {
      counters.refusedRequests.increment();
      String reason = grant == Grant.FULL ? "too many requests are under way" : "stopping";
      send(context, BidReply.undecided(reason, "false"));
      return;
    }
    try {
      String id = context.pathParam("id");
      BidReply reply =
          Names.isItemId(id)
              ? answer.apply(id)
              : BidReply.error(400, "an item's id has " + Names.ITEM_ID_WORDS);
      if (reply.status() >= 400 && reply.status() < 500) {
        counters.badRequests.increment();
      }
      send(context, reply);
    } finally {
      slots.giveBack();
    }
  }

  private BidReply bid(Context context, String id) {
    String type = context.contentType();
    if (type == null || !type.toLowerCase(Locale.ROOT).startsWith("application/json")) {
      return BidReply.error(415, "the body must be application/json");
    }
    byte[] body;
    try {
      body = context.bodyInputStream().readNBytes(Bid.BYTES_MAX + 1);
    } catch (IOException e) {
      return BidReply.error(400, "the body is incomplete");
    }
    if (body.length > Bid.BYTES_MAX) {
      context.header("Connection", "close");
      return BidReply.error(413, "the body must have at most " + Bid.BYTES_MAX + " bytes");
    }
    Bid.Read read = Bid.read(id, body, context.header("Idempotency-Key"), this::newId);
    if (read.bid().isEmpty()) {
      return BidReply.error(400, read.problem());
    }
    counters.bids.increment();
    Bid bid = read.bid().get();
    return BidReply.of(bid, counted(items.bid(bid)));
  }

  private BidReply change(String id, Change change) {
    return BidReply.of(id, counted(items.change(id, change, newId())));
  }

  private String newId() {
    return process + "-" + ids.incrementAndGet();
  }

  private Decision counted(Decision decision) {
    counters.answers.get(decision.kind()).increment();
    return decision;
  }

  /** Answers a page for health or figures, as services on Netty do. */
  private void page(Context context) {
    HttpRequest request =
        new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, context.path());
    Optional.ofNullable(context.header("Accept"))
        .ifPresent(accept -> request.headers().set(HttpHeaderNames.ACCEPT, accept));
    FullHttpResponse reply = service.reply(request, context.path());
    context.contentType(reply.headers().get(HttpHeaderNames.CONTENT_TYPE));
    send(context, reply.status().code(), ByteBufUtil.getBytes(reply.content()));
  }

  private static void send(Context context, BidReply reply) {
    context.contentType("application/json");
    send(context, reply.status(), Json.bytes(reply.body()));
  }

  private static void send(Context context, int status, byte[] body) {
    if (status == 503) {
      context.header("Retry-After", "1");
    }
    context.status(status).result(body);
  }
}
