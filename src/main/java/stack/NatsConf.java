package stack;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;

/**
 * The settings file of a managed nats-server. Its limits are those that nats-server has unless told
 * otherwise, written down so that they hold for every version: a message has at most 1 MiB; a
 * client that is 64 MiB behind, or takes longer than 10 s to take a write, is closed as a slow
 * consumer. Streams may take 256 MiB of memory and 4 GiB of files.
 *
 * @param serverName as its clients are told
 * @param port for clients
 * @param monitorPort for HTTP
 * @param store the folder of JetStream
 */
record NatsConf(String serverName, int port, int monitorPort, Path store) {
  private static final String COMMON =
      """
      server_name: %s
      host: "127.0.0.1"
      port: %d
      http: "127.0.0.1:%d"
      max_payload: 1MB
      max_pending: 64MB
      max_connections: 65536
      write_deadline: "10s"
      """;

  private static final String JETSTREAM =
      """
      jetstream {
        store_dir: %s
        max_mem: 256MB
        max_file: 4GB
        %s
      }
      """;

  /** Of a server that knows no others. */
  String alone() {
    return common() + jetStream("");
  }

  /** Of a server that leaf nodes connect to. */
  String hub(int leafPort) {
    String listen = "leafnodes { host: \"127.0.0.1\", port: %d }%n".formatted(leafPort);
    return common() + jetStream("domain: hub") + listen;
  }

  /** Of a server that takes WebSockets too. */
  String web(int webPort) {
    String listen =
        "websocket { host: \"127.0.0.1\", port: %d, no_tls: true }%n".formatted(webPort);
    return common() + jetStream("") + listen;
  }

  /** Of a leaf node; it tries to reach its hub every second. */
  String leaf(int hubLeafPort) {
    String connect =
        """
        leafnodes {
          reconnect: 1
          remotes: [ { url: "nats-leaf://127.0.0.1:%d" } ]
        }
        """
            .formatted(hubLeafPort);
    return common() + jetStream("domain: leaf") + connect;
  }

  private String common() {
    return COMMON.formatted(serverName, port, monitorPort);
  }

  private String jetStream(String domain) {
    return JETSTREAM.formatted(quoted(store.toString()), domain);
  }

  /** A folder may have any character in its name. */
  private static String quoted(String text) {
    try {
      return new ObjectMapper().writeValueAsString(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("every text can be quoted", e);
    }
  }
}
