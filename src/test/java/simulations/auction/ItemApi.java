package simulations.auction;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import stack.StackFailure;

/** An auction's items before and after the load; what users do goes through Gatling. */
public final class ItemApi {
  private static final Duration BOUND = Duration.ofSeconds(5);
  private static final int OK = 200;
  private static final HttpClient HTTP =
      HttpClient.newBuilder().connectTimeout(BOUND).version(HttpClient.Version.HTTP_1_1).build();

  private final URI api;

  /**
   * @param api of the bid service
   */
  public ItemApi(URI api) {
    this.api = api;
  }

  /** The path of an item. */
  public static String path(String item) {
    return "/api/v1/items/" + item;
  }

  /**
   * Makes an item that is not there yet.
   *
   * @throws StackFailure if there is none after that
   */
  public void make(String item) {
    try {
      int made = send("PUT", item).statusCode();
      int found = send("GET", item).statusCode();
      if (found != OK) {
        throw new StackFailure(
            "the item "
                + item
                + " cannot be bid on: PUT was answered "
                + made
                + " and GET "
                + found
                + "; name one that there is, by -Ditem");
      }
    } catch (IOException e) {
      throw new StackFailure("the bid service at " + api + " does not answer: " + e, e);
    }
  }

  /**
   * Changes an item, as far as the service can.
   *
   * @param change such as close or open
   * @return true if it was done
   */
  public boolean change(String item, String change) {
    try {
      return send("POST", item + "/" + change).statusCode() == OK;
    } catch (IOException e) {
      return false;
    }
  }

  /** What is told of an item; empty if there was no answer. */
  public byte[] read(String item) {
    try {
      return send("GET", item).body();
    } catch (IOException e) {
      return new byte[0]; // No JSON, which the caller has to expect anyway.
    }
  }

  private HttpResponse<byte[]> send(String method, String item) throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(api.resolve(path(item)))
            .timeout(BOUND)
            .method(method, BodyPublishers.noBody())
            .build();
    try {
      return HTTP.send(request, BodyHandlers.ofByteArray());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
