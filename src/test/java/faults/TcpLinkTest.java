package faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TcpLinkTest {
  private static final int SOON_MS = 150;
  private static final int BOUND_MS = 10_000;
  private static final Duration STEP = Duration.ofMillis(60);

  private final BlockingQueue<String> ends = new LinkedBlockingQueue<>();
  @AutoClose private ServerSocket echo;
  private Thread accepting;
  @AutoClose private TcpLink link;

  @BeforeEach
  void an_echo_behind_a_link() throws IOException {
    echo = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    accepting =
        run(
            () -> {
              while (true) {
                Socket client = echo.accept();
                run(() -> answer(client));
              }
            });
    link =
        new TcpLink("test", (InetSocketAddress) echo.getLocalSocketAddress(), 1, System::nanoTime);
  }

  @Test
  void bytes_ends_and_resets_pass_both_ways_and_a_fast_sender_waits() throws Exception {
    byte[] large = new byte[8 << 20];
    large[large.length - 1] = 7;
    try (Socket socket = connect()) {
      run(
          () -> {
            socket.getOutputStream().write(large);
            socket.shutdownOutput();
          });
      assertThat(socket.getInputStream().readAllBytes()).isEqualTo(large);
    }
    assertThat(ends.take()).isEqualTo("end");
    try (Socket socket = connect()) {
      assertThat(echo(socket, "a")).isEqualTo("a");
      socket.setSoLinger(true, 0);
    }
    assertThat(ends.take()).isEqualTo("reset");
    assertThat(link.made()).isEqualTo(2);
  }

  /** The time is that of 20 bytes to the service and back. */
  @ParameterizedTest
  @CsvSource({"latency, UP, 60", "latency, BOTH, 120", "bandwidth, UP, 190", "slice, DOWN, 170"})
  void bytes_are_late_and_none_is_lost(String word, Direction direction, int atLeastMs)
      throws Exception {
    LinkFault fault =
        switch (word) {
          case "latency" -> new Latency(direction, STEP.plusMillis(10), Duration.ofMillis(10));
          case "bandwidth" -> new Bandwidth(direction, 100);
          default -> new Slice(direction, 1, Duration.ofMillis(9));
        };
    try (Socket socket = connect()) {
      assertThat(echo(socket, "before")).isEqualTo("before");
      link.strike(fault);
      long startNs = System.nanoTime();
      assertThat(echo(socket, "01234567890123456789")).isEqualTo("01234567890123456789");
      assertThat(sinceMs(startNs)).isGreaterThanOrEqualTo(atLeastMs);
      link.heal(fault);
      do { // A busy machine may be late too, but not each time.
        startNs = System.nanoTime();
        assertThat(echo(socket, "after")).isEqualTo("after");
      } while (sinceMs(startNs) >= STEP.toMillis());
    }
  }

  @ParameterizedTest
  @CsvSource({"UP", "DOWN", "BOTH"})
  void a_black_hole_holds_the_bytes_until_it_is_healed(Direction direction) throws Exception {
    LinkFault fault = new BlackHole(direction);
    try (Socket socket = connect()) {
      assertThat(echo(socket, "before")).isEqualTo("before");
      link.strike(fault);
      assertSilent(socket, "held");
      link.heal(fault);
      socket.setSoTimeout(BOUND_MS);
      assertThat(read(socket, 4)).isEqualTo("held");
    }
  }

  @ParameterizedTest
  @CsvSource({"UP, reset", "DOWN, ", "BOTH, "})
  void a_half_open_connection_is_silent_and_reset_in_the_end(Direction direction, String end)
      throws Exception {
    LinkFault fault = new HalfOpen(direction);
    try (Socket socket = connect()) {
      assertThat(echo(socket, "before")).isEqualTo("before");
      link.strike(fault);
      if (direction == Direction.DOWN) {
        assertReset(socket);
      } else {
        assertSilent(socket, "gone");
      }
      assertThat(end == null ? ends.poll(SOON_MS, TimeUnit.MILLISECONDS) : ends.take())
          .isEqualTo(end);
      assertOpens("new ones work");
      link.heal(fault);
      if (direction == Direction.UP) {
        socket.setSoTimeout(BOUND_MS);
        assertReset(socket);
      }
    }
  }

  @Test
  void a_reset_ends_open_connections_and_new_ones_until_it_is_healed() throws Exception {
    LinkFault fault = new Reset(Direction.BOTH);
    try (Socket socket = connect()) {
      assertThat(echo(socket, "before")).isEqualTo("before");
      link.strike(fault);
      assertReset(socket);
      assertThat(ends.take()).isEqualTo("reset");
      assertReset(connect());
    }
    link.heal(fault);
    assertOpens("after");
  }

  @Test
  void a_link_that_refuses_keeps_open_connections_and_its_port() throws Exception {
    LinkFault fault = new Refuse();
    try (Socket socket = connect()) {
      assertThat(echo(socket, "before")).isEqualTo("before");
      link.strike(fault);
      assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);
      assertThat(echo(socket, "open")).isEqualTo("open");
    }
    link.heal(fault);
    assertOpens("after");
  }

  @Test
  void a_slow_close_delays_the_end_and_not_the_bytes() throws Exception {
    LinkFault fault = new SlowClose(Direction.UP, Duration.ofHours(1));
    link.strike(fault);
    assertOpens("bytes");
    assertThat(ends.poll(SOON_MS, TimeUnit.MILLISECONDS)).isNull();
    link.heal(fault);
    assertThat(ends.take()).isEqualTo("end");
  }

  @Test
  void a_service_that_is_not_there_resets_its_clients() throws Exception {
    echo.close();
    accepting.join(); // Until then the port is open.
    assertReset(connect());
  }

  private interface Work {
    void run() throws IOException;
  }

  private static Thread run(Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (IOException e) {
                // The socket was closed, which ends the work.
              }
            });
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private void answer(Socket client) throws IOException {
    try (client) {
      client.getInputStream().transferTo(client.getOutputStream());
      ends.add("end");
    } catch (SocketException e) {
      ends.add("reset");
    }
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(link.address().getAddress(), link.address().getPort());
    socket.setSoTimeout(BOUND_MS);
    return socket;
  }

  /** Asserts that a new connection works. */
  private void assertOpens(String text) throws IOException {
    try (Socket socket = connect()) {
      assertThat(echo(socket, text)).isEqualTo(text);
    }
  }

  private static String echo(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    return read(socket, text.length());
  }

  private static String read(Socket socket, int bytes) throws IOException {
    return new String(socket.getInputStream().readNBytes(bytes), StandardCharsets.UTF_8);
  }

  private static void assertSilent(Socket socket, String text) throws IOException {
    socket.setSoTimeout(SOON_MS);
    assertThatThrownBy(() -> echo(socket, text)).isInstanceOf(SocketTimeoutException.class);
  }

  private static void assertReset(Socket socket) {
    assertThatThrownBy(() -> read(socket, 1))
        .isInstanceOf(SocketException.class)
        .hasMessageContaining("reset");
  }

  private static double sinceMs(long startNs) {
    return (System.nanoTime() - startNs) / 1e6;
  }
}
