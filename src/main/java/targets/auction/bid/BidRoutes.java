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
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import targets.auction.Cents;
import targets.auction.Names;
import targets.auction.bid.Decision.Kind;
import targets.auction.bid.Items.Change;
import targets.shared.Counters;
import targets.shared.Json;
import targets.shared.Service;
import targets.shared.StreamSlots;

/** The paths of the bid service. Thread-safe. */
final class BidRoutes {
  private static final String ITEM = "/api/v1/items/{id}";

  /** Prefix of ids that are unique among all processes. */
  private final String process = UUID.randomUUID().toString().replace("-", "");

  private final AtomicLong ids = new AtomicLong();
  private final Items items;
  private final BidServer.Figures counters;
  private final StreamSlots slots;
  private final Service service;

  BidRoutes(Items items, BidServer.Figures counters, StreamSlots slots, Service service) {
    this.items = items;
    this.counters = counters;
    this.slots = slots;
    this.service = service;
  }

  void add(RoutesConfig routes) {
    routes.post(ITEM + "/bid", context -> item(context, id -> bid(context, id)));
    routes.get(ITEM, context -> item(context, id -> Reply.of(id, counted(items.read(id)))));
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
            send(context, Reply.error(404, "nothing is at " + context.path()));
          }
        });
    routes.error(
        405, "*", context -> send(context, Reply.error(405, "this path does not have the method")));
  }

  private static boolean isPlainText(Context context) {
    String type = context.res().getContentType();
    return type == null || type.startsWith("text/plain");
  }

  /** Answers a request about an item within the limit of requests under way. */
  private void item(Context context, Function<String, Reply> answer) {
    if (!slots.take()) {
      counters.refusedRequests.increment();
      String reason = slots.isDraining() ? "stopping" : "too many requests are under way";
      send(context, Reply.undecided(reason, "false"));
      return;
    }
    try {
      String id = context.pathParam("id");
      Reply reply =
          Names.isItemId(id)
              ? answer.apply(id)
              : Reply.error(400, "an item's id has " + Names.ITEM_ID_WORDS);
      if (reply.status() >= 400 && reply.status() < 500) {
        counters.badRequests.increment();
      }
      send(context, reply);
    } finally {
      slots.giveBack();
    }
  }

  private Reply bid(Context context, String id) {
    String type = context.contentType();
    if (type == null || !type.toLowerCase(Locale.ROOT).startsWith("application/json")) {
      return Reply.error(415, "the body must be application/json");
    }
    byte[] body;
    try {
      body = context.bodyInputStream().readNBytes(Bid.BYTES_MAX + 1);
    } catch (IOException e) {
      return Reply.error(400, "the body is incomplete");
    }
    if (body.length > Bid.BYTES_MAX) {
      context.header("Connection", "close");
      return Reply.error(413, "the body must have at most " + Bid.BYTES_MAX + " bytes");
    }
    Bid bid;
    try {
      bid = Bid.read(id, body, context.header("Idempotency-Key"), this::newId);
    } catch (IllegalArgumentException e) {
      return Reply.error(400, e.getMessage());
    }
    counters.bids.increment();
    return Reply.of(bid, counted(items.bid(bid)));
  }

  private Reply change(String id, Change change) {
    return Reply.of(id, counted(items.change(id, change, newId())));
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

  private static void send(Context context, Reply reply) {
    context.contentType("application/json");
    send(context, reply.status(), Json.bytes(reply.body()));
  }

  private static void send(Context context, int status, byte[] body) {
    if (status == 503) {
      context.header("Retry-After", "1");
    }
    context.status(status).result(body);
  }

  /** An HTTP reply: its status and JSON. */
  record Reply(int status, Map<String, Object> body) {
    static Reply error(int status, String reason) {
      return new Reply(status, Map.of("error", reason));
    }

    /** Returns a 503 that reports whether the bid was decided: {@code false} or {@code unknown}. */
    static Reply undecided(String reason, String decided) {
      return new Reply(503, Map.of("error", reason, "decided", decided));
    }

    /** Returns the reply to a bid. */
    static Reply of(Bid bid, Decision decision) {
      boolean wins = decision.kind() == Kind.ACCEPTED;
      if (!wins && decision.kind() != Kind.REJECTED) {
        return of(bid.itemId(), decision);
      }
      BigDecimal amount = Cents.decimal(bid.cents());
      BigDecimal price = Cents.decimal(decision.item().priceCents());
      Map<String, Object> body = new LinkedHashMap<>();
      body.put("success", wins);
      body.put("message", wins ? "the bid is the highest" : "the bid must be above " + price);
      body.put("current_bid", wins ? amount : price);
      body.put("your_bid", amount);
      body.put("is_highest", wins);
      if (wins) {
        body.put("event_id", decision.eventId());
        body.put("bid_id", decision.bidId());
        body.put("previous_bid", price);
      } else {
        body.put("highest_bidder_id", bidder(decision.item()));
      }
      body.put("sequence", decision.item().sequence());
      return new Reply(wins ? 201 : 200, body);
    }

    /** Returns the reply to a read or a change. */
    static Reply of(String itemId, Decision decision) {
      return switch (decision.kind()) {
        case UNKNOWN -> error(404, "there is no item " + itemId + "; PUT creates it");
        case CLOSED -> error(409, "the item " + itemId + " is closed");
        case MISUSED_KEY -> error(409, "this idempotency key was used for another bid");
        case STATE, SAME -> item(200, itemId, decision.item());
        case CHANGED -> item(decision.item().sequence() == 1 ? 201 : 200, itemId, decision.item());
        case UNSURE -> undecided(decision.reason(), "unknown");
        case AWAY, BUSY, FULL -> undecided(decision.reason(), "false");
        case ACCEPTED, REJECTED ->
            throw new IllegalArgumentException("the result of a bid: " + decision);
      };
    }

    private static Reply item(int status, String itemId, Decision.Item item) {
      Map<String, Object> body = new LinkedHashMap<>();
      body.put("id", itemId);
      body.put("current_bid", Cents.decimal(item.priceCents()));
      body.put("highest_bidder_id", bidder(item));
      body.put("status", item.status());
      body.put("sequence", item.sequence());
      return new Reply(status, body);
    }

    private static String bidder(Decision.Item item) {
      return item.bidder().isEmpty() ? null : item.bidder();
    }
  }
}
