package gauntlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import kpi.RequestLog;
import kpi.RequestLog.Row;
import kpi.RunFolder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import verdict.SampleRun;

class ExportCommandTest {
  private static final String CSV =
      """
      stream,turn,phase,intended_s,sent_s,connect_ms,ttft_ms,ttfo_ms,e2e_ms,tokens_in,tokens_out,\
      tokens_cached,chunks,outcome,status,error
      client-1/1,1,measure,4.0,4.25,3.0,250.0,250.0,900.5,12,34,0,33,ok,200,
      client-2/2,2,measure,5.0,5.0,,,,3.0,,,,0,invalid,422,"422 {""detail"":""no, ""}"
      """;

  @TempDir Path root;
  private final List<IOException> broken = new ArrayList<>();

  @BeforeEach
  void two_requests() {
    RequestLog log = new RequestLog(RunFolder.existing(root), broken::add);
    log.add(
        new Row(
            "client-1/1",
            1,
            "measure",
            4,
            4.25,
            3.0,
            250.0,
            250.0,
            900.5,
            12L,
            34L,
            0L,
            33,
            "ok",
            200,
            null));
    log.add(refused("422 {\"detail\":\"no, \"}"));
    log.close();
    assertThat(log.dropped()).isZero();
    log.add(refused("late"));
    assertThat(log.dropped()).isOne();
  }

  private static Row refused(String error) {
    return new Row(
        "client-2/2",
        2,
        "measure",
        5,
        5,
        null,
        null,
        null,
        3,
        null,
        null,
        null,
        0,
        "invalid",
        422,
        error);
  }

  @Test
  void requests_become_lines_and_a_line_that_was_cut_is_named() throws IOException {
    Path file = root.resolve(RequestLog.FILE);
    Files.writeString(file, "{\"stream\":\"cl", StandardOpenOption.APPEND);
    CommandLineRun run = CommandLineRun.of("export", root).ending(ExitCode.OK);
    assertThat(run.out()).isEqualTo(CSV.replace("\n", "\r\n"));
    assertThat(run.err()).contains("1 lines are no requests and were left out.");
    Path csv = root.resolve("requests.csv");
    CommandLineRun.of("export", root, "-o", csv).ending(ExitCode.OK);
    assertThat(csv).hasContent(run.out());
  }

  @Test
  void a_folder_without_requests_or_a_file_that_cannot_be_written_is_named() throws IOException {
    CommandLineRun.of("export", root.resolve("none")).refused("none is not a folder. Runs are in");
    Path file = root.resolve(RequestLog.FILE);
    CommandLineRun.of("export", file).refused(RequestLog.FILE + " is not a folder.");
    Path other = new SampleRun(1).write(root.resolve("other"));
    CommandLineRun.of("export", other).refused("other has no requests.jsonl");
    Path csv = root.resolve("no/such.csv");
    CommandLineRun.of("export", root, "-o", csv)
        .refused("no/such.csv cannot be written: there is no folder for " + csv + ".");
  }

  @Test
  void a_full_disk_is_named_by_export_and_report() throws IOException {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.exists(full), "Linux has a disk that is always full");
    StringWriter err = new StringWriter();
    PrintWriter out = new PrintWriter(Files.newBufferedWriter(full));
    int code = Main.run(Terminal.NONE, out, new PrintWriter(err), "export", root.toString());
    new CommandLineRun(code, "", err.toString()).refused("standard output cannot be written");
    Path run = new SampleRun(1).write(root.resolve("run"));
    Path page = Files.createSymbolicLink(run.resolve("report.html"), full);
    CommandLineRun.of("report", run).refused("run cannot be written: No space left on device.");
    Files.delete(page);
  }

  @Test
  void a_log_that_cannot_be_written_reports_it_once_and_counts_its_rows() throws Exception {
    RequestLog log = new RequestLog(RunFolder.existing(root.resolve("gone")), broken::add);
    log.close();
    log.add(refused(""));
    assertThat(broken).hasSize(1);
    assertThat(log.dropped()).isOne();
  }

  /** The disk is full: what waits in the buffer is lost too. */
  @Test
  void rows_that_a_full_disk_did_not_take_are_counted() throws Exception {
    assumeTrue(Files.exists(Path.of("/dev/full")), "Linux has a disk that is always full");
    Path full = Files.createDirectory(root.resolve("full"));
    Files.createSymbolicLink(full.resolve(RequestLog.FILE), Path.of("/dev/full"));
    RequestLog log = new RequestLog(RunFolder.existing(full), broken::add);
    for (int row = 0; row < 100; row++) {
      log.add(refused(""));
    }
    log.close();
    Files.delete(full.resolve(RequestLog.FILE));
    assertThat(broken).hasSize(1);
    assertThat(log.dropped()).isEqualTo(100);
  }
}
