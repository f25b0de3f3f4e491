package simulations.events;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import simulations.run.Access;
import simulations.run.Audit;
import simulations.run.Console;
import stack.Command;
import stack.ManagedProcess;
import stack.StackFailure;

/**
 * A server that can be stopped.
 *
 * @param process the bundled server, or a peer; empty for the user's own
 * @param command of the shell, which stops the user's own
 */
record StoppableServer(URI url, Optional<ManagedProcess> process, Optional<String> command) {
  /** Sends SIGTERM, or runs the user's command, which may wait for the end. */
  void terminate(Duration bound) {
    process.ifPresent(ManagedProcess::terminate);
    command.ifPresent(words -> run(words, bound));
  }

  private static void run(String words, Duration bound) {
    try {
      Command.Ended ended = Command.run(Path.of(""), bound, List.of("/bin/sh", "-c", words));
      if (!ended.isFine()) {
        Console.error("-Devents.stop: exit code " + ended.code() + ": " + ended.output().strip());
      }
    } catch (IOException e) {
      throw new StackFailure("-Devents.stop needs /bin/sh: " + e.getMessage(), e);
    }
  }

  /** Waits until the process is gone; that of the user's own when nothing accepts any more. */
  boolean isGone(Duration within) {
    return process.isPresent()
        ? process.get().isGone(within)
        : Audit.until(within, () -> !accepts());
  }

  private boolean accepts() {
    try {
      Access.reach("-Devents.url", url);
      return true;
    } catch (StackFailure e) {
      return false;
    }
  }

  /** Returns true if the next server could listen at the port; on this machine it listens. */
  boolean isPortFree() {
    if (process.isEmpty()) {
      return !accepts();
    }
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true); // As servers do: closed connections hold a port for a minute.
      socket.bind(new InetSocketAddress(InetAddress.getByName(url.getHost()), url.getPort()));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Starts the run's own server again, at the same port; kills it first if it still runs. */
  void restart() {
    process.ifPresent(
        server -> {
          server.kill();
          server.restart();
        });
  }
}
