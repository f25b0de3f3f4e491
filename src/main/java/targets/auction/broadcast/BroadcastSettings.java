package targets.auction.broadcast;

import static settings.Option.Form.BYTES;

import java.time.Duration;
import settings.Checked;
import settings.Option;
import settings.SettingsReader;
import targets.auction.EventStore;

/** Settings of the broadcast service. */
record BroadcastSettings(
    @Option(value = "127.0.0.1", about = "address to listen on") String host,
    @Option(value = "8081", max = "65535", about = "port to listen on, 0 for any free one")
        int port,
    @Option(value = "20000", min = "1", max = "1000000", about = "viewers at once; above it 503")
        int maxViewers,
    @Option(
            name = "outbox",
            value = "64KiB",
            form = BYTES,
            min = "1KiB",
            max = "64MiB",
            about = "drop a viewer when more bytes than this wait for it")
        int outboxBytes,
    @Option(value = "25s", min = "10ms", max = "1h", about = "time between pings") Duration ping,
    @Option(
            value = "60s",
            min = "10ms",
            max = "1h",
            about = "drop a viewer that sends nothing, pongs included, for so long")
        Duration silence,
    EventStore.Settings store,
    @Option(value = "2s", max = "1h", about = "how long viewers may take to close when stopping")
        Duration drain,
    @Option(value = "2", min = "1", max = "256", about = "event loops") int threads)
    implements Checked {
  @Override
  public void check(SettingsReader reader) {
    if (reader.isRight() && silence.compareTo(ping) <= 0) {
      reader.error("silence", "must be longer than --ping, which viewers answer");
    }
  }
}
