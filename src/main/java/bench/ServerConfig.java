package bench;

import java.util.Locale;

/** The smallest fair configurations of the other intermediaries: no log, no buffering. */
final class ServerConfig {
  /** Both ends of each stream, and room for probes. */
  private static final int SPARE_CONNECTIONS = 512;

  private ServerConfig() {}

  /**
   * What an intermediary needs to know.
   *
   * @param port where it listens, on loopback
   * @param upstreamPort where llm listens, on loopback
   * @param streams at once
   * @param threads workers or threads
   */
  record Place(int port, int upstreamPort, int streams, int threads) {
    /** Connections that each worker must be able to hold. */
    int connections() {
      return 2 * streams + SPARE_CONNECTIONS;
    }
  }

  /** nginx: every byte goes on as it comes, upstream connections are kept. */
  static String nginx(Place place) {
    return String.format(
        Locale.ROOT,
        """
        worker_processes %1$d;
        worker_rlimit_nofile %2$d;
        pid nginx.pid;
        events { worker_connections %2$d; }
        http {
          access_log off;
          client_body_temp_path body;
          proxy_temp_path proxy;
          fastcgi_temp_path fastcgi;
          uwsgi_temp_path uwsgi;
          scgi_temp_path scgi;
          tcp_nodelay on;
          upstream llm {
            server 127.0.0.1:%3$d;
            keepalive 1024;
            keepalive_timeout 15s;
          }
          server {
            listen 127.0.0.1:%4$d backlog=4096;
            location / {
              proxy_pass http://llm;
              proxy_http_version 1.1;
              proxy_set_header Connection "";
              proxy_buffering off;
              proxy_connect_timeout 5s;
              proxy_read_timeout 30s;
            }
          }
        }
        """,
        place.threads(),
        place.connections(),
        place.upstreamPort(),
        place.port());
  }

  /** HAProxy: data is sent at once, upstream connections are shared and kept. */
  static String haproxy(Place place) {
    return String.format(
        Locale.ROOT,
        """
        global
          nbthread %1$d
          maxconn %2$d
        defaults
          mode http
          option http-no-delay
          http-reuse always
          timeout connect 5s
          timeout client 30s
          timeout server 30s
          timeout http-request 10s
        frontend streams
          bind 127.0.0.1:%4$d backlog 4096
          default_backend llm
        backend llm
          server llm 127.0.0.1:%3$d pool-purge-delay 15s
        """,
        place.threads(),
        place.connections(),
        place.upstreamPort(),
        place.port());
  }
}
