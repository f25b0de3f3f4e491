package stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/** The source of loopback ports. */
@FunctionalInterface
interface Ports {
  /** Ports that were free a moment ago; a server whose port was taken since then ends. */
  Ports FREE =
      count -> {
        List<ServerSocket> sockets = new ArrayList<>();
        try {
          for (int i = 0; i < count; i++) {
            sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
          }
          return sockets.stream().map(ServerSocket::getLocalPort).toList();
        } catch (IOException e) {
          throw new StackFailure("no free loopback port: " + e.getMessage(), e);
        } finally {
          sockets.forEach(Ports::close);
        }
      };

  /** Returns so many different ports. */
  List<Integer> take(int count);

  private static void close(ServerSocket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
