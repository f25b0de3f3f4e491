package simulations.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static simulations.live.OtlpReceiver.is;

import io.opentelemetry.proto.metrics.v1.Metric;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class OtlpSenderTest {
  private final List<String> failures = new CopyOnWriteArrayList<>();

  @Test
  void the_last_figures_are_sent_at_the_end_with_units_and_labels() throws Exception {
    try (OtlpReceiver receiver = new OtlpReceiver(200)) {
      OtlpSender sender = sender(receiver.url());
      sender.publish(SampleFigures.at(1));
      sender.publish(SampleFigures.of(2, "smoke", "They never came.", true));
      sender.close();

      assertThat(receiver.requests().get(0).getResourceMetrics(0).getResource().getAttributesList())
          .anyMatch(each -> each.getValue().getStringValue().equals("gauntlet"));
      Map<String, Metric> metrics = receiver.last();
      assertThat(metrics.get("gauntlet.elapsed").getGauge().getDataPoints(0).getAsDouble())
          .isEqualTo(2);
      Metric gap = metrics.get("gauntlet.gap");
      assertThat(gap.getUnit()).isEqualTo("s");
      assertThat(gap.getDescription()).contains("every gap between two neighbouring events");
      assertThat(gap.getGauge().getDataPointsList())
          .filteredOn(point -> is(point, "quantile", "0.5"))
          .singleElement()
          .satisfies(point -> assertThat(point.getAsDouble()).isCloseTo(0.001, within(1e-5)));
      Metric events = metrics.get("gauntlet.events");
      assertThat(events.getSum().getIsMonotonic()).isTrue();
      assertThat(events.getSum().getDataPointsList())
          .singleElement()
          .matches(point -> point.getAsDouble() == 2_000 && is(point, "phase", "measure"))
          .matches(point -> is(point, "simulation", "SseBattleSimulation"));
      assertThat(metrics.get("gauntlet.verdict").getGauge().getDataPointsList())
          .anyMatch(point -> is(point, "verdict", "FAIL") && point.getAsDouble() == 1);
      assertThat(receiver.keys()).containsOnly("secret-value");
      assertThat(failures).isEmpty();
      assertThat(sender.outcome()).matches("\\d exports to http://receiver were sent\\.");
    }
  }

  @Test
  void a_receiver_that_is_away_is_reported_once_and_without_secrets() throws Exception {
    int unused;
    try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      unused = closed.getLocalPort();
    }
    assertThat(failure(URI.create("http://127.0.0.1:" + unused))).contains("(no answer)");
  }

  @Test
  void a_receiver_that_refuses_is_reported_with_its_status() throws Exception {
    try (OtlpReceiver receiver = new OtlpReceiver(401)) {
      assertThat(failure(receiver.url())).contains("(HTTP status 401)");
    }
  }

  private String failure(URI url) {
    OtlpSender sender = sender(url);
    sender.publish(SampleFigures.at(1));
    sender.close();

    assertThat(failures).hasSize(1);
    assertThat(failures.get(0)).startsWith("-Dotlp.endpoint: http://receiver did not take");
    assertThat(failures.get(0) + sender.outcome()).doesNotContain("secret-value");
    assertThat(sender.outcome()).contains("were not sent (");
    return failures.get(0);
  }

  private OtlpSender sender(URI url) {
    return new OtlpSender(
        new OtlpSender.Receiver(
            url, "http://receiver", Map.of("x-key", "secret-value"), Duration.ofHours(1)),
        "one",
        failures::add);
  }
}
