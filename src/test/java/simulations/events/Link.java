package simulations.events;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import faults.FaultPlan;
import faults.FaultPlan.Parts;
import faults.FaultPlan.Strike;
import faults.FaultPlan.Unusable;
import faults.TcpLink;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/** A network between the clients and the server, with faults that last for the whole run. */
record Link(FaultPlan plan) {
  private static final String NAME = "link";

  /**
   * Parses a fault, such as {@code what = latency, delay = 20ms}, or the name of a file of one.
   *
   * @throws IllegalArgumentException with every error
   */
  static Link parse(String text) {
    try {
      Path file = Path.of(text);
      Config fault =
          Files.isRegularFile(file)
              ? ConfigFactory.parseFile(file.toFile())
              : ConfigFactory.parseString(text);
      Map<String, String> always = Map.of("at", "0s", "for", "1000d", "whom", NAME);
      Config entry = ConfigFactory.parseMap(always).withFallback(fault).resolve();
      return new Link(FaultPlan.read(List.of(entry), new Parts(Set.of(), Set.of(NAME)), 0));
    } catch (Unusable | ConfigException e) {
      String sentence = "is no fault such as 'what = latency, delay = 20ms', and no file of one: ";
      throw new IllegalArgumentException(sentence + e.getMessage().replace('\n', ' '), e);
    }
  }

  /** Opens the link; returns the address at which it leads to a server. */
  URI to(URI server, long seed, LongSupplier nanoClock) {
    int usual = server.getScheme().equals("https") ? 443 : 80;
    int port = server.getPort() > 0 ? server.getPort() : usual;
    InetSocketAddress address = new InetSocketAddress(server.getHost(), port);
    TcpLink link = new TcpLink(NAME, address, seed, nanoClock);
    plan.strikes().stream().map(Strike::what).forEach(link::strike);
    return URI.create(server.getScheme() + "://127.0.0.1:" + link.address().getPort());
  }
}
