package simulations.run;

import faults.Fault;
import faults.Part;
import faults.ProcessFault;
import faults.Toxiproxy;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import stack.Command;
import stack.Guard;
import stack.StackFailure;

/**
 * A part that the run did not start, for faults to strike: a container, or a proxy of a Toxiproxy.
 * If this JVM is gone meanwhile, a guard heals it.
 */
public final class OutsidePart implements Part {
  private static final Duration BOUND = Duration.ofSeconds(30);

  private final Part part;
  private final Function<Fault, List<String>> healing;
  private Guard guard;

  private OutsidePart(Part part, Function<Fault, List<String>> healing) {
    this.part = part;
    this.healing = healing;
  }

  /**
   * Returns a proxy of a running Toxiproxy.
   *
   * @throws StackFailure if there is none of that name
   */
  public static Part proxy(URI server, String name) {
    Toxiproxy proxy = new Toxiproxy(server, name);
    try {
      proxy.require();
    } catch (IOException e) {
      throw new StackFailure("-Dtoxiproxy.url: " + e.getMessage() + "; start it, or name another");
    }
    return new OutsidePart(proxy, fault -> proxy.healing());
  }

  /**
   * Returns a running container.
   *
   * @throws StackFailure if there is none of that name
   */
  public static Part container(String name) {
    try {
      String state = docker("inspect", "--format", "{{.State.Status}}", name);
      if (!state.equals("running")) {
        throw new IOException(name + " is " + state);
      }
    } catch (IOException e) {
      throw new StackFailure(
          "-Ddocker.containers: " + e.getMessage() + "; name containers that run");
    }
    Part container =
        new Part() {
          @Override
          public void strike(Fault fault) throws IOException {
            docker(fault.word(), name);
          }

          @Override
          public void heal(Fault fault) throws IOException {
            docker(healing(fault), name);
          }
        };
    return new OutsidePart(container, fault -> List.of("docker", healing(fault), name));
  }

  private static String healing(Fault fault) {
    return fault == ProcessFault.PAUSE ? "unpause" : "start";
  }

  private static String docker(String... words) throws IOException {
    List<String> command = Stream.concat(Stream.of("docker"), Stream.of(words)).toList();
    Command.Ended ended = Command.run(Path.of(""), BOUND, command);
    String output = ended.output().strip();
    if (!ended.isFine()) {
      throw new IOException(String.join(" ", command) + ": " + output);
    }
    return output;
  }

  @Override
  public void strike(Fault fault) throws Exception {
    guard = Guard.running(healing.apply(fault));
    part.strike(fault);
  }

  @Override
  public void heal(Fault fault) throws Exception {
    part.heal(fault);
    guard.end();
  }
}
