package bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import kpi.ProcessFigures;

/**
 * {@code bench receive}: the bare receiver alone in its JVM, so that nothing else is in its CPU
 * figure. One unmeasured round, then one line of JSON for each round.
 */
public final class ReceiveJob {
  /** The name of its lane. */
  static final String NAME = "receiver";

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private ReceiveJob() {}

  /**
   * Runs all rounds.
   *
   * @param url where streams are asked for
   * @param nanoClock monotonic nanoseconds
   * @param out takes the lines
   */
  public static void run(BenchSettings settings, URI url, LongSupplier nanoClock, PrintWriter out) {
    try (SseReceiver receiver = new SseReceiver(nanoClock)) {
      for (int round = 0; round <= settings.rounds(); round++) {
        Leg leg = leg(receiver, settings, url, round);
        if (round > 0) {
          out.println(line(leg));
          out.flush();
        }
      }
    }
  }

  private static Leg leg(SseReceiver receiver, BenchSettings settings, URI url, int round) {
    double[] cpuS = new double[2];
    Received received =
        receiver.receive(
            settings.load(),
            url,
            new SseReceiver.Plateau() {
              @Override
              public void begins() {
                cpuS[0] = ProcessFigures.now().cpuS();
              }

              @Override
              public void ends() {
                cpuS[1] = ProcessFigures.now().cpuS();
              }
            });
    return new Leg(
        NAME,
        round,
        received,
        received.hasPlateau() ? OptionalDouble.of(cpuS[1] - cpuS[0]) : OptionalDouble.empty(),
        OptionalLong.of(ProcessFigures.now().rssBytes()));
  }

  private static String line(Leg leg) {
    Map<String, Object> map = new LinkedHashMap<>(leg.asMap());
    try {
      return MAPPER.writeValueAsString(map);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("no JSON form: " + leg, e);
    }
  }
}
