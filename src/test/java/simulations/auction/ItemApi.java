package simulations.auction;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import stack.StackFailure;
import verdict.BidOperation.Read;

/** The bid service's items before and after the load; users' requests go through Gatling. */
public record ItemApi(URI api, BidForm form, Map<String, String> headers) {
  private static final Duration BOUND = Duration.ofSeconds(5);
  private static final HttpClient HTTP =
      HttpClient.newBuilder().connectTimeout(BOUND).version(HttpClient.Version.HTTP_1_1).build();

  /** Reads an item's state; creates the item before if it does not exist. */
  public AuctionItem open(String name) {
    AuctionItem item = new AuctionItem(name, form);
    try {
      HttpResponse<byte[]> found = send("GET", item.path, "");
      String created = "";
      if (found.statusCode() != PriceReader.OK && form.makesItems()) {
        created = "PUT was answered " + send("PUT", item.path, "").statusCode() + " and ";
        found = send("GET", item.path, "");
      }
      if (found.statusCode() != PriceReader.OK) {
        throw new StackFailure(
            "the item %s cannot be bid on: %sGET of %s was answered %s; name an existing one by"
                    .formatted(name, created, item.path, found.statusCode())
                + " -Ditem; the warm-up has items of its own, so a service that creates none needs"
                + " -Dwarmup=0s");
      }
      form.priceless(found.body())
          .ifPresent(
              why -> {
                String sentence = "the item %s cannot be bid on: the answer to GET of %s %s";
                throw new StackFailure(sentence.formatted(name, item.path, why));
              });
      item.begins(form.read(found.body()));
      return item;
    } catch (IOException e) {
      throw new StackFailure("the bid service at " + api + " does not answer: " + e, e);
    }
  }

  /**
   * Closes an item, by which its viewers recognise the end, and opens it again: should the first
   * event get lost, the second shows the end. A service may support neither.
   */
  public void end(AuctionItem item) {
    for (String change : form.makesItems() ? List.of("/close", "/open") : List.<String>of()) {
      try {
        var unused = send("POST", item.path + change, "");
      } catch (IOException e) {
        // Viewers then stay until their time is up.
      }
    }
  }

  /** Reads an item's state; throws if there is no answer, or it is not a state. */
  public BidAnswer read(AuctionItem item) throws IOException {
    return form.read(send("GET", item.path, "").body());
  }

  /** Reads an item's price into its history; throws if there is no answer, or it has no price. */
  BidAnswer look(AuctionItem item, LongSupplier nanoClock) throws IOException {
    long callNs = nanoClock.getAsLong();
    BidAnswer answer = read(item);
    if (answer.currentCents() < 0) {
      throw new IOException("the answer has no price");
    }
    item.add(new Read(callNs, nanoClock.getAsLong(), answer.currentCents(), answer.bidder()));
    return answer;
  }

  /** Sends a bid; what its answer says follows, also if there is none. */
  public CompletableFuture<BidForm.Decision> bid(AuctionItem item, String body, Duration timeout) {
    HttpRequest request = request("POST", item.bidPath, body).timeout(timeout).build();
    return HTTP.sendAsync(request, BodyHandlers.ofByteArray())
        .handle((answer, failure) -> failure == null ? decision(answer) : BidForm.Decision.OTHER);
  }

  private BidForm.Decision decision(HttpResponse<byte[]> answer) {
    try {
      return form.decision(answer.statusCode(), form.answer(answer.body()));
    } catch (IOException e) {
      return form.decision(answer.statusCode(), BidAnswer.EMPTY);
    }
  }

  /** Sends a request with JSON, or without a body if it is empty, and waits for its answer. */
  public HttpResponse<byte[]> send(String method, String path, String json) throws IOException {
    try {
      HttpRequest request = request(method, path, json).timeout(BOUND).build();
      return HTTP.send(request, BodyHandlers.ofByteArray());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private HttpRequest.Builder request(String method, String path, String json) {
    String base = api.toString().replaceFirst("/+$", "");
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + path))
            .method(method, BodyPublishers.ofString(json));
    headers.forEach(request::setHeader);
    return json.isEmpty() ? request : request.header("Content-Type", "application/json");
  }
}
