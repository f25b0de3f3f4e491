package simulations.run;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import settings.SettingsReader;
import stack.StackFailure;
import stack.TargetProcess;

/**
 * Starts a run's bundled processes, and reaches others.
 *
 * @param heap Java heap of each bundled target, such as 128m
 * @param readyWithin bound of the start of each
 */
public record BundledProcesses(String heap, Duration readyWithin) {
  private static final String MAIN = "gauntlet.Main";
  private static final int CONNECT_BOUND_MS = 5_000;

  /** Reads the settings {@code target-heap} and {@code ready-within}. */
  public static BundledProcesses read(SettingsReader from) {
    BundledProcesses read =
        new BundledProcesses(
            from.text("target-heap"),
            from.duration("ready-within", Duration.ofSeconds(1), Duration.ofHours(1)));
    if (!read.heap.matches("[0-9]+[kmgKMG]")) {
      from.error("target-heap", "'" + read.heap + "' is not a size such as 128m or 1g");
    }
    return read;
  }

  /**
   * Starts a target, which then belongs to the run; the caller waits for it.
   *
   * @param run that it belongs to
   * @param name the word after {@code serve}
   * @param process its name in the run
   * @param defect planted in it; empty for none
   * @param options of the target, such as {@code --upstream} and its value
   */
  public TargetProcess launch(
      Run run, String name, String process, String defect, String... options) {
    List<String> all = new ArrayList<>(List.of(options));
    if (!defect.isEmpty()) {
      all.addAll(List.of("--defect", defect));
    }
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
