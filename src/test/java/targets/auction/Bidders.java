package targets.auction;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import targets.shared.Json;

/** Clients of the bid service. */
final class Bidders {
  private static final Duration BOUND = Duration.ofSeconds(10);

  /** Between two bids of a user: without it, the viewers of a slow machine fall behind. */
  private static final long THINK_NS = 10_000_000;

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private volatile int port;

  Bidders(int port) {
    this.port = port;
  }

  /** Changes the service that all later bids go to. */
  void turnTo(int other) {
    port = other;
  }

  /**
   * A reply.
   *
   * @param status 0 without a reply
   */
  record Reply(int status, JsonNode json) {
    BigDecimal decimal(String field) {
      return json.get(field).decimalValue();
    }

    String text(String field) {
      return json.get(field).asText();
    }

    long sequence() {
      return json.get("sequence").asLong();
    }
  }

  Reply make(String item) {
    return send(request(item, "").PUT(BodyPublishers.ofString("")));
  }

  Reply get(String item) {
    return send(request(item, "").GET());
  }

  Reply change(String item, String change) {
    return send(request(item, "/" + change).POST(BodyPublishers.ofString("")));
  }

  Reply bid(String item, String user, String amount, String... headers) {
    return post(item, "{\"user_id\":\"" + user + "\",\"amount\":" + amount + "}", headers);
  }

  Reply post(String item, String body, String... headers) {
    HttpRequest.Builder request = request(item, "/bid").header("Content-Type", "application/json");
    for (int i = 0; i < headers.length; i += 2) {
      request.setHeader(headers[i], headers[i + 1]);
    }
    return send(request.POST(BodyPublishers.ofString(body)));
  }

  /** Returns the sequence of an item's last event, as soon as the service can read it. */
  long sequence(String item) {
    Reply reply = get(item);
    while (reply.status() != 200) {
      reply = get(item);
    }
    return reply.sequence();
  }

  /**
   * Many users bid on one item, each a little above a common counter, until it is over.
   *
   * @return the reply to every bid that was accepted, in no order
   */
  List<Reply> fight(String item, int users, BooleanSupplier isOver) {
    List<Reply> accepted = new CopyOnWriteArrayList<>();
    AtomicLong cents = new AtomicLong(100);
    ExecutorService threads = Executors.newFixedThreadPool(users);
    IntConsumer fighter =
        user -> {
          SplittableRandom random = new SplittableRandom(user);
          while (!isOver.getAsBoolean()) {
            long bid = cents.addAndGet(random.nextInt(3) + 1) - random.nextInt(4);
            Reply reply = bid(item, "u" + user, Cents.decimal(bid).toString());
            if (reply.status() == 201) {
              accepted.add(reply);
            }
            LockSupport.parkNanos(THINK_NS);
          }
        };
    IntStream.range(0, users)
        .mapToObj(user -> CompletableFuture.runAsync(() -> fighter.accept(user), threads))
        .toList() // All fight before the first one is awaited.
        .forEach(CompletableFuture::join);
    threads.shutdown();
    return List.copyOf(accepted);
  }

  private Reply send(HttpRequest.Builder request) {
    try {
      HttpResponse<byte[]> reply =
          http.send(request.timeout(BOUND).build(), BodyHandlers.ofByteArray());
      return new Reply(reply.statusCode(), Json.EXACT.readTree(reply.body()));
    } catch (IOException e) {
      return new Reply(0, Json.MAPPER.createObjectNode());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private HttpRequest.Builder request(String item, String path) {
    return HttpRequest.newBuilder(
        URI.create("http://127.0.0.1:" + port + "/api/v1/items/" + item + path));
  }
}
