package bench.fanout;

import bench.Meter;
import bench.Stage;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import stack.TargetProcess;

/**
 * The processes of one lane, each of them new.
 *
 * @param kind of the lane
 * @param socket where viewers connect
 * @param greeting what a viewer says first, if anything
 * @param mouth takes messages
 * @param server the process that holds the viewers' connections, one of the pids
 * @param pids of all processes that messages pass
 * @param target the server if it is one of Gauntlet's
 * @param versions of them, in their own words
 * @param stage stops them
 */
record Venue(
    LaneKind kind,
    URI socket,
    Optional<String> greeting,
    Mouth mouth,
    String server,
    Map<String, Long> pids,
    Optional<TargetProcess> target,
    List<String> versions,
    Stage stage)
    implements AutoCloseable {

  /** Says a message to all viewers. */
  interface Mouth {
    /**
     * Hands it over; must keep the order.
     *
     * @throws IOException if it cannot be said
     */
    void say(byte[] message) throws IOException, InterruptedException;
  }

  /** Resident bytes of the process that holds the viewers' connections. */
  long rssBytes() {
    return Meter.tree(server, pids.get(server)).rssBytes();
  }

  @Override
  public void close() {
    stage.close();
  }
}
