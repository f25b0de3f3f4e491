package targets.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import org.junit.jupiter.api.Test;

final class HopByHopTest {
  @Test
  void removes_what_is_for_one_connection_and_what_connection_names() {
    HttpHeaders headers =
        new DefaultHttpHeaders()
            .add("Connection", "keep-alive, X-Mine")
            .add("connection", "X-Other")
            .add("X-Mine", "1")
            .add("x-other", "2")
            .add("Keep-Alive", "timeout=5")
            .add("Proxy-Authorization", "secret")
            .add("Proxy-Connection", "keep-alive")
            .add("TE", "trailers")
            .add("Trailer", "X-Sum")
            .add("Transfer-Encoding", "chunked")
            .add("Upgrade", "websocket")
            .add("X-Kept", "3")
            .add("Authorization", "Bearer key");
    HopByHop.strip(headers);
    assertThat(headers.names()).containsExactlyInAnyOrder("X-Kept", "Authorization");
  }

  @Test
  void joins_the_hops_before_it() {
    HttpHeaders headers =
        new DefaultHttpHeaders().add("Via", "1.0 first").add("X-Forwarded-For", "10.0.0.1");
    HopByHop.addVia(headers, "1.1");
    HopByHop.addForwardedFor(headers, "10.0.0.2");
    assertThat(headers.getAll("via")).containsExactly("1.0 first, 1.1 gauntlet");
    assertThat(headers.getAll("x-forwarded-for")).containsExactly("10.0.0.1, 10.0.0.2");
  }
}
