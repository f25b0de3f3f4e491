package simulations.run;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import settings.Option;
import stack.StackFailure;
import stack.TargetProcess;

/**
 * Starts a run's bundled processes, and reaches others.
 *
 * @param heap Java heap of each bundled target, such as 128m
 * @param readyWithin bound of the start of each
 */
public record BundledProcesses(
    @Option(
            name = "target-heap",
            matches = "[0-9]+[kmgKMG]",
            otherwise = "is not a size such as 128m or 1g")
        String heap,
    @Option(min = "1s", max = "1h") Duration readyWithin) {
  private static final String MAIN = "gauntlet.Main";
  private static final int CONNECT_BOUND_MS = 5_000;

  /**
   * Starts a target, which then belongs to the run; the caller waits for it.
   *
   * @param run that it belongs to
   * @param name the word after {@code serve}
   * @param process its name in the run
   * @param defect planted in it
   * @param options of the target, such as {@code --upstream} and its value
   */
  public TargetProcess launch(
      Run run, String name, String process, Optional<String> defect, String... options) {
    List<String> all = new ArrayList<>(List.of(options));
    defect.ifPresent(planted -> all.addAll(List.of("--defect", planted)));
    TargetProcess target =
        TargetProcess.launch(
            new TargetProcess.Spec(
                name,
                process,
                MAIN,
                TargetProcess.jvmOptions(heap),
                all,
                run.folder().log(process),
                readyWithin));
    run.processes().own(target);
    return target;
  }

  /**
   * Verifies that an address of the user's own accepts connections.
   *
   * @param option that named it, for the message
   * @throws StackFailure if it does not
   */
  public static void reach(String option, URI url) {
    int port = url.getPort() > 0 ? url.getPort() : url.getScheme().equals("https") ? 443 : 80;
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(url.getHost(), port), CONNECT_BOUND_MS);
    } catch (IOException e) {
      throw new StackFailure(
          option
              + ": nothing answers at "
              + Secrets.masked(url.toString())
              + " ("
              + e.getMessage()
              + "); start it, or leave the option out to use the bundled targets",
          e);
    }
  }
}
