package bench;

import static org.assertj.core.api.Assertions.assertThat;

import bench.ServerConfig.Place;
import org.junit.jupiter.api.Test;

class ServerConfigTest {
  private final Place place = new Place(4001, 4002, 1000, 2);

  @Test
  void nginx_neither_buffers_nor_logs_and_keeps_its_upstream_connections() {
    assertThat(ServerConfig.nginx(place))
        .contains("worker_processes 2;")
        .contains("worker_connections 2512;")
        .contains("listen 127.0.0.1:4001")
        .contains("server 127.0.0.1:4002;")
        .contains("proxy_buffering off;")
        .contains("proxy_http_version 1.1;")
        .contains("proxy_set_header Connection \"\";")
        .contains("keepalive 1024;")
        .contains("access_log off;");
  }

  @Test
  void haproxy_sends_at_once_and_shares_its_upstream_connections() {
    assertThat(ServerConfig.haproxy(place))
        .contains("nbthread 2")
        .contains("maxconn 2512")
        .contains("mode http")
        .contains("option http-no-delay")
        .contains("http-reuse always")
        .contains("bind 127.0.0.1:4001")
        .contains("server llm 127.0.0.1:4002")
        .doesNotContain(" log ");
  }
}
