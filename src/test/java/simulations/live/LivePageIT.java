package simulations.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import testing.Browser;

/** The live page in a headless Chromium. */
@Timeout(120)
class LivePageIT {
  private static final String STATE = text("state");
  private static final InetSocketAddress ANY =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  @Test
  void the_page_follows_the_run_and_keeps_its_end_without_a_new_connection() throws Exception {
    LiveServer server = new LiveServer(ANY);
    try (Browser browser = Browser.at(URI.create("http://127.0.0.1:" + server.port() + "/"))) {
      browser.await(STATE, "live");
      assertThat(browser.evaluate(text("word"))).isEqualTo("NONE YET");
      String profile = "<img src=x onerror=alert(1)>";
      server.publish(SampleFigures.of(5, profile, "They came.", false));
      browser.await(text("word"), "PASS");
      assertThat(browser.evaluate(text("when"))).isEqualTo("verdict so far");
      assertThat(browser.evaluate(text("profile"))).isEqualTo(profile);
      assertThat(browser.evaluate(text("left"))).isEqualTo("5 s, load ends in 15 s");
      assertThat(browser.evaluate("document.getElementById('bar').ariaValueNow")).isEqualTo("25");
      assertThat(browser.evaluate("document.querySelector('#heads').innerText"))
          .contains("users\n12", "open\n7", "events\n2,001", "gap p99\n1.98 ms", "failed\n1");
      assertThat(browser.evaluate("document.querySelector('#processes').innerText"))
          .contains("injector\t0.25\t64 MB", "proxy\tno answer");
      server.publish(SampleFigures.of(20, profile, "They never came.", true));
      server.close();
      browser.await(STATE, "ended");
      assertThat(browser.evaluate(text("word") + " + ' ' + " + text("when")))
          .isEqualTo("FAIL ended");
      assertThat(browser.evaluate("document.title")).startsWith("ended: FAIL, ");
      assertThat(browser.evaluate("document.querySelector('#troubles').innerText"))
          .contains("no_token_lost", "They never came.");
    } finally {
      server.close();
    }
  }

  /** The expression of an element's text. */
  static String text(String id) {
    return "document.getElementById('" + id + "').textContent";
  }
}
