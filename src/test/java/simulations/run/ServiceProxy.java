package simulations.run;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The way of the JDK's clients to services of the user's own: directly, or by the HTTP proxy that
 * the user names. All other hosts keep the previous selector, which keeps Gatling from its look-up
 * of newer versions. Thread-safe.
 */
final class ServiceProxy extends ProxySelector {
  private final ProxySelector others = ProxySelector.getDefault();
  private final Set<String> services = ConcurrentHashMap.newKeySet();
  private final Optional<InetSocketAddress> proxy;

  private ServiceProxy(Optional<URI> proxy) {
    this.proxy = proxy.map(url -> new InetSocketAddress(url.getHost(), port(url)));
  }

  /** Becomes the selector of this process, in place of the one of an earlier run. */
  static void install(Optional<URI> proxy) {
    ProxySelector.setDefault(new ServiceProxy(proxy));
  }

  /** Returns the port of an address of HTTP. */
  static int port(URI url) {
    return url.getPort() > 0 ? url.getPort() : url.getScheme().matches("https|wss") ? 443 : 80;
  }

  /** Registers a service; returns where a connection to it begins. */
  static InetSocketAddress toService(String host, int port) {
    Optional<InetSocketAddress> proxy = Optional.empty();
    if (ProxySelector.getDefault() instanceof ServiceProxy way) {
      way.services.add(host);
      proxy = way.proxyOf(host);
    }
    return proxy.orElseGet(() -> new InetSocketAddress(host, port));
  }

  @Override
  public List<Proxy> select(URI url) {
    String host = url.getHost();
    if (host == null || !services.contains(host)) {
      return others.select(url);
    }
    return List.of(proxyOf(host).map(at -> new Proxy(Proxy.Type.HTTP, at)).orElse(Proxy.NO_PROXY));
  }

  @Override
  public void connectFailed(URI url, SocketAddress address, IOException failure) {
    others.connectFailed(url, address, failure);
  }

  /** Loopback addresses are never reached by a proxy. */
  private Optional<InetSocketAddress> proxyOf(String host) {
    return proxy.filter(any -> !isLoopback(host));
  }

  private static boolean isLoopback(String host) {
    try {
      return host.matches("localhost|127\\..*|\\[?::1]?")
          && InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
