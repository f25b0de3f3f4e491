package bench.fanout;

import bench.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import stack.StackFailure;

/**
 * nginx with the module nchan, as small as it can be: one worker, no log, one channel.
 *
 * @param nginx the program
 * @param module its module
 */
record Nchan(Path nginx, Path module) {
  static final String PUBLISH = "/publish";
  static final String SUBSCRIBE = "/subscribe";

  private static final String MODULE = "ngx_nchan_module.so";
  private static final List<Path> MODULES =
      List.of(
          Path.of("/usr/lib/nginx/modules"),
          Path.of("/usr/lib64/nginx/modules"),
          Path.of("/usr/share/nginx/modules"),
          Path.of("/usr/local/nginx/modules"));
  private static final int SPARE_CONNECTIONS = 512;

  /**
   * Looks for both.
   *
   * @throws StackFailure if one is missing, with what to do
   */
  static Nchan find(Programs programs) {
    Path nginx = programs.find("nginx").orElseThrow(Nchan::missing);
    Stream<Path> places = MODULES.stream().map(folder -> folder.resolve(MODULE));
    return new Nchan(
        nginx, places.filter(Files::isRegularFile).findFirst().orElseThrow(Nchan::missing));
  }

  private static StackFailure missing() {
    return new StackFailure(
        "the lane nchan needs nginx and its module nchan: install them (on Debian the packages"
            + " nginx and libnginx-mod-nchan), or leave the lane out by --lanes");
  }

  String version() {
    return Programs.version(nginx) + " with nchan";
  }

  /** The command that keeps it in the foreground; writes its configuration. */
  List<String> command(Path home, int port, int connections) {
    Path config = home.resolve("nchan.conf");
    try {
      Files.writeString(config, config(port, connections + SPARE_CONNECTIONS));
    } catch (IOException e) {
      throw new StackFailure("cannot write " + config + ": " + e.getMessage(), e);
    }
    return List.of(
        nginx.toString(),
        "-p",
        home + "/",
        "-c",
        config.toString(),
        "-e",
        "stderr",
        "-g",
        "daemon off;");
  }

  private String config(int port, int connections) {
    return String.format(
        Locale.ROOT,
        """
        load_module %1$s;
        worker_processes 1;
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
          keepalive_requests 1000000;
          keepalive_timeout 1h;
          nchan_max_reserved_memory 128M;
          server {
            listen 127.0.0.1:%3$d backlog=4096;
            location = /health { return 200; }
            location = %4$s {
              nchan_publisher http;
              nchan_channel_id bench;
              nchan_message_buffer_length 1000;
            }
            location = %5$s {
              nchan_subscriber websocket;
              nchan_channel_id bench;
              nchan_subscriber_first_message newest;
            }
          }
        }
        """,
        module,
        connections,
        port,
        PUBLISH,
        SUBSCRIBE);
  }
}
