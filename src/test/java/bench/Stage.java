package bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import stack.TargetProcess;

/** The processes of one comparison; closing it stops them all, the last started first. */
final class Stage implements AutoCloseable {
  private static final Duration READY_WITHIN = Duration.ofSeconds(30);

  private final Path folder;
  private final Deque<Runnable> running = new ArrayDeque<>();

  Stage(Path folder) throws IOException {
    this.folder = Files.createDirectories(folder.toAbsolutePath());
  }

  Path folder() {
    return folder;
  }

  /** Starts a bundled target and waits for it. */
  TargetProcess target(String name, String heap, String... options) {
    String process = name.replace("relay-", "");
    TargetProcess target =
        TargetProcess.launch(
            new TargetProcess.Spec(
                name,
                process,
                TargetProcess.jvmOptions(heap),
                List.of(options),
                folder.resolve(process + ".log"),
                READY_WITHIN));
    return own(target, TargetProcess::close).awaitReady();
  }

  /** Takes over something that is closed at the end. */
  <T> T own(T owned, Consumer<T> close) {
    running.push(() -> close.accept(owned));
    return owned;
  }

  @Override
  public void close() {
    while (!running.isEmpty()) {
      running.pop().run();
    }
  }
}
