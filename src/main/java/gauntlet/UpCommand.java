package gauntlet;

import java.io.PrintWriter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import targets.shared.Service;
import targets.shared.TargetSpec;

/** {@code up}: every target on its default port, in one process, until it is stopped. */
@Command(name = "up", description = "Runs every target on its default port until it is stopped.")
final class UpCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    Deque<Service> running = new ArrayDeque<>();
    CountDownLatch drained = Targets.drainedBy(() -> running.forEach(Service::close));
    for (TargetSpec target : Targets.ALL) {
      // The last one started is the first one drained: clients before what they depend on.
      running.push(target.start(Map.of()));
      out.println(target.name() + " listening on http://127.0.0.1:" + running.peek().port());
    }
    drained.await();
    return ExitCode.OK;
  }
}
