package simulations.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which way requests to services and to other hosts take. */
class ServiceProxyTest {
  private static final ProxySelector BEFORE = ProxySelector.getDefault();
  private static final Proxy DEAD = new Proxy(Proxy.Type.HTTP, at("127.0.0.1", 1));

  @AfterEach
  void restore() {
    ProxySelector.setDefault(BEFORE);
  }

  @Test
  void a_service_is_reached_directly_where_no_proxy_is_named_and_others_as_before() {
    install(Optional.empty());
    assertThat(ServiceProxy.toService("llm.example", 443).getHostString()).isEqualTo("llm.example");
    assertThat(wayTo("https://llm.example/metrics")).containsExactly(Proxy.NO_PROXY);
    assertThat(wayTo("https://other.example/")).containsExactly(DEAD);
  }

  @Test
  void a_service_is_reached_by_the_named_proxy_unless_it_is_on_this_machine() {
    install(Optional.of(URI.create("http://proxy.example:3128")));
    assertThat(ServiceProxy.toService("llm.example", 443).getHostString())
        .isEqualTo("proxy.example");
    assertThat(ServiceProxy.toService("127.0.0.1", 80).getPort()).isEqualTo(80);
    assertThat(wayTo("https://llm.example/metrics"))
        .containsExactly(new Proxy(Proxy.Type.HTTP, at("proxy.example", 3128)));
    assertThat(wayTo("http://127.0.0.1/metrics")).containsExactly(Proxy.NO_PROXY);
  }

  private static void install(Optional<URI> named) {
    ProxySelector.setDefault(ProxySelector.of(at("127.0.0.1", 1)));
    ServiceProxy.install(named);
  }

  private static List<Proxy> wayTo(String url) {
    return ProxySelector.getDefault().select(URI.create(url));
  }

  private static InetSocketAddress at(String host, int port) {
    return new InetSocketAddress(host, port);
  }
}
