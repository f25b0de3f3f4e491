package simulations.auction;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import settings.SettingsReader;

/**
 * An auction of the user's own. Without an API, the bundled one is started.
 *
 * @param apiOption the option that names the API, for messages
 * @param api where bids are made, such as http://127.0.0.1:8080
 * @param socket where viewers connect, without the path, such as ws://127.0.0.1:8081
 */
public record AuctionService(String apiOption, Optional<URI> api, Optional<URI> socket) {
  /** The option that names the viewers' address. */
  static final String SOCKET_OPTION = "ws-url";

  /**
   * Reads the addresses; what is wrong goes to the reader.
   *
   * @param from with the option named and {@code ws-url}
   * @param apiOption names the API, such as host
   */
  public static AuctionService read(SettingsReader from, String apiOption) {
    AuctionService service = new AuctionService(apiOption, from.httpUrl(apiOption), socket(from));
    if (service.socket().isPresent() && from.isRight() && service.api().isEmpty()) {
      from.error(
          SOCKET_OPTION,
          "is for an auction of your own; name its bid service too, by -D" + apiOption);
    }
    return service;
  }

  /** True if nothing is started. */
  public boolean isOwn() {
    return api.isPresent();
  }

  private static Optional<URI> socket(SettingsReader from) {
    Optional<String> text = from.optionalText(SOCKET_OPTION);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      URI url = new URI(text.get());
      boolean ws = "ws".equals(url.getScheme()) || "wss".equals(url.getScheme());
      if (ws && url.getHost() != null && url.getQuery() == null && url.getFragment() == null) {
        return Optional.of(url);
      }
    } catch (URISyntaxException e) {
      // Falls through to the one sentence that covers both mistakes.
    }
    from.error(SOCKET_OPTION, "'" + text.get() + "' is not an address such as ws://127.0.0.1:8081");
    return Optional.empty();
  }
}
