package targets.events;

import java.time.Duration;
import java.util.Optional;
import settings.Option;
import targets.shared.Listener;

/** Everything that can be set when the server starts. */
record EventsSettings(
    Listener listener,
    @Option(in = "0..65535", help = "port for TLS, with a generated certificate; none by default")
        Optional<Integer> tlsPort,
    @Option(value = "20000", in = "1..1000000", help = "streams at once; above it 503")
        int maxStreams,
    @Option(value = "1000", in = "1..100000", help = "published events kept to resume from")
        int replay,
    @Option(value = "16KiB", in = "1..1MiB", help = "largest published event; above it 413")
        int maxBody,
    EventsServer.Times times,
    @Option(value = "1s", in = "0..1h", help = "how long clients wait before they reconnect")
        Duration retry,
    @Option(value = "1", in = "1..256", help = "event loops") int threads) {}
