package targets.auction;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import targets.shared.Json;

/** Clients of the bid service. */
final class Bidders {
  private static final ObjectReader READER =
      Json.MAPPER.reader().with(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
  private static final Duration BOUND = Duration.ofSeconds(10);

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private volatile URI url;

  Bidders(URI url) {
    this.url = url;
  }

  /** Where they bid from now on. */
  void turnTo(URI other) {
    url = other;
  }

  /**
   * A reply.
   *
   * @param status 0 if there was none
   * @param json of it
   */
  record Reply(int status, JsonNode json) {
    BigDecimal decimal(String field) {
      return json.get(field).decimalValue();
    }

    String text(String field) {
      return json.get(field).asText();
    }
  }

  Reply make(String item) {
    return send(request(item, "").PUT(BodyPublishers.noBody()));
  }

  Reply get(String item) {
    return send(request(item, "").GET());
  }

  Reply change(String item, String what) {
    return send(request(item, "/" + what).POST(BodyPublishers.noBody()));
  }

  Reply bid(String item, String user, String amount) {
    return post(item, "{\"user_id\":\"" + user + "\",\"amount\":" + amount + "}");
  }

  Reply bid(String item, String user, String amount, String key) {
    String body = "{\"user_id\":\"" + user + "\",\"amount\":" + amount + "}";
    return send(
        request(item, "/bid")
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", key)
            .POST(BodyPublishers.ofString(body)));
  }

  Reply post(String item, String body) {
    return send(
        request(item, "/bid")
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body)));
  }

  /** What an accepted bid was told. */
  record Accepted(BigDecimal amount, BigDecimal previous, String eventId, long sequence) {}

  /**
   * Many bid on one item, each a little above a common counter, until they are told to stop.
   *
   * @return every bid that was accepted with a 201, in no order
   */
  List<Accepted> fight(String item, int users, BooleanSupplier isOver) {
    List<Accepted> accepted = new CopyOnWriteArrayList<>();
    AtomicLong cents = new AtomicLong(100);
    ExecutorService threads = Executors.newFixedThreadPool(users);
    List<CompletableFuture<Void>> all = new ArrayList<>();
    for (int user = 0; user < users; user++) {
      String name = "u" + user;
      SplittableRandom random = new SplittableRandom(user);
      all.add(
          CompletableFuture.runAsync(
              () -> {
                while (!isOver.getAsBoolean()) {
                  long bid = cents.addAndGet(random.nextInt(3) + 1) - random.nextInt(4);
                  Reply reply = bid(item, name, Cents.decimal(bid).toString());
                  if (reply.status() == 201) {
                    accepted.add(
                        new Accepted(
                            reply.decimal("your_bid"),
                            reply.decimal("previous_bid"),
                            reply.text("event_id"),
                            reply.json().get("sequence").asLong()));
                  }
                }
              },
              threads));
    }
    all.forEach(CompletableFuture::join);
    threads.shutdown();
    return List.copyOf(accepted);
  }

  Reply send(HttpRequest.Builder request) {
    try {
      HttpResponse<byte[]> reply =
          http.send(request.timeout(BOUND).build(), BodyHandlers.ofByteArray());
      return new Reply(reply.statusCode(), READER.readTree(reply.body()));
    } catch (IOException e) {
      return new Reply(0, Json.MAPPER.createObjectNode());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  HttpRequest.Builder request(String item, String path) {
    return HttpRequest.newBuilder(url.resolve("/api/v1/items/" + item + path));
  }
}
