package targets.relay.adapter;

import static settings.Option.Form.BYTES;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import settings.Option;
import targets.relay.message.Delivery;
import targets.relay.message.TokenStore;

/** Settings of the adapter. */
record AdapterSettings(
    @Option(value = "127.0.0.1", about = "address to listen on") String host,
    @Option(value = "8090", max = "65535", about = "port to listen on, 0 for any free one")
        int port,
    @Option(value = "nats://127.0.0.1:4222", about = "NATS, with user and password if required")
        URI nats,
    @Option(value = "core", about = "core: at most once; durable: exactly once, JetStream needed")
        Delivery delivery,
    @Option(value = "30s", min = "10ms", max = "1h", about = "limit for a stream's first token")
        Duration firstToken,
    @Option(value = "15s", min = "10ms", max = "1h", about = "time between keep-alive comments")
        Duration keepAlive,
    @Option(value = "20000", min = "1", max = "1000000", about = "streams at once; above it 503")
        int maxStreams,
    @Option(
            value = "1MiB",
            form = BYTES,
            min = "1",
            max = "64MiB",
            about = "core: close a client with more unsent bytes")
        int outbox,
    @Option(value = "30s", min = "10ms", max = "1h", about = "limit for a client that stalls")
        Duration clientStall,
    @Option(value = "1s", min = "10ms", max = "1h", about = "durable: silence before a store read")
        Duration check,
    @Option(value = "5s", min = "10ms", max = "1h", about = "durable: search for a lost token")
        Duration hole,
    TokenStore store,
    @Option(value = "10s", max = "1h", about = "how long running streams may go on when stopping")
        Duration drain,
    @Option(value = "1", min = "1", max = "256", about = "event loops") int threads,
    @Option(
            matches = "\\*|https?://[A-Za-z0-9.\\[\\]:-]+",
            otherwise = "is not an origin such as https://a.example, or *",
            about = "origins whose pages may read, such as https://a.example, or *")
        List<String> cors) {}
