package testing;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A headless Chromium that shows one page with a script of the test's. The script reports to the
 * test by {@code report(text)}, in order; an error of the script is a report that begins with
 * {@code error: }. The page's origin is {@link #origin}, so a target must allow it.
 */
public final class Browser implements Script {
  private static final String[] NAMES = {"chromium", "chromium-browser", "google-chrome", "chrome"};
  private static final long REPORT_BOUND_S = 60;
  private static final String PAGE =
      """
      <!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><script>
      let last = Promise.resolve();
      function report(text) {
        last = last.then(() => fetch('/report', {method: 'POST', body: String(text)}));
      }
      addEventListener('error', event => report('error: ' + event.message));
      addEventListener('unhandledrejection', event => report('error: ' + event.reason));
      </script><script>
      %s
      </script>
      """;

  private final BlockingQueue<String> reports = new LinkedBlockingQueue<>();
  private final ScriptedServer pages;
  private final Path profile;
  private final Process process;
  private DevTools tool;

  private Browser(String program, String script, Optional<URI> url) throws IOException {
    pages =
        new ScriptedServer(
            (request, wire) -> {
              if (request.startsWith("POST /report ")) {
                reports.add(request.substring(request.indexOf("\r\n\r\n") + 4));
              }
              wire.answer("200 OK", PAGE.formatted(script), "Content-Type: text/html");
            });
    profile = Files.createTempDirectory("browser");
    process =
        new ProcessBuilder(
                program,
                "--headless=new",
                "--no-sandbox", // Chromium has none for root; the page is the test's own.
                "--disable-gpu",
                "--no-first-run",
                "--disable-background-networking",
                "--ignore-certificate-errors",
                "--remote-debugging-port=0", // Or it would end when the page is loaded.
                "--user-data-dir=" + profile,
                url.map(URI::toString).orElse(origin() + "/"))
            .redirectErrorStream(true)
            .redirectOutput(profile.resolve("output.txt").toFile())
            .start();
  }

  /** Opens a page with this script; without a Chromium on the PATH the test is skipped. */
  public static Browser open(String script) throws IOException {
    return new Browser(Programs.required(NAMES), script, Optional.empty());
  }

  /** Opens a page of another server, which {@link #evaluate} reads; skipped likewise. */
  public static Browser at(URI url) throws IOException {
    return new Browser(Programs.required(NAMES), "", Optional.of(url));
  }

  /** Evaluates an expression again and again, within a bound, until its text is the wanted one. */
  public void await(String expression, String wanted) {
    Await.until(() -> evaluate(expression), wanted::equals);
  }

  /** Evaluates an expression in the page; returns its value, or that of its promise, as text. */
  public String evaluate(String expression) throws Exception {
    return tool().evaluate(expression);
  }

  /** Shows the page on a screen of this width, in CSS pixels, in dark or light colours. */
  public void screen(int width, boolean dark) throws Exception {
    tool()
        .call(
            "Emulation.setDeviceMetricsOverride",
            Map.of("width", width, "height", 900, "deviceScaleFactor", 1, "mobile", false));
    Map<String, String> scheme =
        Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light");
    tool().call("Emulation.setEmulatedMedia", Map.of("features", List.of(scheme)));
  }

  private DevTools tool() throws Exception {
    if (tool == null) {
      tool = DevTools.connect(profile);
    }
    return tool;
  }

  /** Returns the origin of the page. */
  public String origin() {
    return pages.url();
  }

  @Override
  public String next() throws InterruptedException, IOException {
    String report = reports.poll(REPORT_BOUND_S, TimeUnit.SECONDS);
    if (report == null) {
      String output = Files.readString(profile.resolve("output.txt"));
      throw new IllegalStateException("the page reports nothing; Chromium's output: " + output);
    }
    return report;
  }

  /** Returns so many reports. */
  public List<String> next(int count) throws InterruptedException, IOException {
    String[] all = new String[count];
    for (int i = 0; i < count; i++) {
      all[i] = next();
    }
    return List.of(all);
  }

  @Override
  public void close() throws IOException {
    Stream<ProcessHandle> all = Stream.concat(process.descendants(), Stream.of(process.toHandle()));
    List<ProcessHandle> processes = all.toList();
    processes.forEach(ProcessHandle::destroyForcibly);
    // One that has ended has no command, though it may be long until its parent notices.
    Await.until(() -> processes.stream().allMatch(each -> each.info().command().isEmpty()));
    pages.close();
    try (Stream<Path> files = Files.walk(profile)) {
      files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
