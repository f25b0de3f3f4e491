package targets.defects;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import targets.shared.RunningTarget;
import testing.Browser;

/** Chromium's EventSource against the server. */
class EventsPagesTest {
  private static final String ANY_ORIGIN = "allow-origin=*";
  private static final int PART = 40;

  /** Ended properly, and cut off in the middle as by a kill. */
  @ParameterizedTest
  @ValueSource(strings = {"defect=", "defect=shutdown-cuts-streams"})
  void an_event_source_survives_the_server_and_loses_nothing(String end) throws Exception {
    RunningTarget first = new RunningTarget(EventsDefects.SPEC, ANY_ORIGIN, "retry=100ms", end);
    int port = first.port();
    try (Browser browser = Browser.open(listener(port, "/sse?delay=0.01"))) {
      List<String> events = new ArrayList<>(browser.next(PART));
      first.close();
      try (RunningTarget again = restarted(port)) {
        String report = browser.next();
        while (events.size() < 3 * PART) {
          if (report.startsWith("event-")) {
            events.add(report);
          }
          report = browser.next();
        }
        assertThat(again.metrics().get("resumed").asInt()).isEqualTo(1);
      }
      assertThat(events)
          .isEqualTo(LongStream.rangeClosed(1, 3 * PART).mapToObj(n -> "event-" + n).toList());
    } finally {
      first.close();
    }
  }

  @Test
  void a_finite_stream_ends_an_event_source_for_good() throws Exception {
    try (RunningTarget events = new RunningTarget(EventsDefects.SPEC, ANY_ORIGIN, "retry=10ms");
        Browser browser = Browser.open(listener(events.port(), "/sse/finite?count=3&delay=0"))) {
      assertThat(browser.next(5))
          .containsExactly("event-1", "event-2", "event-3", "reconnects", "closed");
    }
  }

  private static String listener(int port, String path) {
    return """
        const source = new EventSource('http://127.0.0.1:%s%s');
        source.onmessage = event => report(event.data);
        source.addEventListener('shutdown', () => report('shutdown'));
        source.onerror = () => report(source.readyState == 2 ? 'closed' : 'reconnects');
        """
        .formatted(port, path);
  }

  private static RunningTarget restarted(int port) throws IOException {
    return new RunningTarget(EventsDefects.SPEC, ANY_ORIGIN, "port=" + port, "retry=100ms");
  }
}
