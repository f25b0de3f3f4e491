package targets.relay.adapter;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import settings.Option;
import targets.relay.message.Guarantee;
import targets.relay.message.TokenStore;
import targets.shared.HttpLimits;

/** Settings of the adapter. */
record AdapterSettings(
    @Option(value = "127.0.0.1", help = "address to listen on") String host,
    @Option(value = "8090", in = "0..65535", help = "port to listen on, 0 for any free one")
        int port,
    @Option(value = "nats://127.0.0.1:4222", help = "NATS, with user and password if required")
        URI nats,
    @Option(value = "core", help = "core: at most once; durable: exactly once, JetStream needed")
        Guarantee delivery,
    @Option(value = "30s", in = "10ms..1h", help = "limit for a stream's first token")
        Duration firstToken,
    @Option(value = "15s", in = "10ms..1h", help = "time between keep-alive comments")
        Duration keepAlive,
    @Option(value = "20000", in = "1..1000000", help = "streams at once; above it 503")
        int maxStreams,
    @Option(value = "1MiB", in = "1..64MiB", help = "core: close a client with more unsent bytes")
        int outbox,
    @Option(value = "30s", in = "10ms..1h", help = "limit for a client that stalls")
        Duration clientStall,
    @Option(value = "1s", in = "10ms..1h", help = "durable: silence before a store read")
        Duration check,
    @Option(value = "5s", in = "10ms..1h", help = "durable: search for a lost token") Duration hole,
    TokenStore store,
    @Option(value = "10s", in = "0..1h", help = "how long running streams may go on when stopping")
        Duration drain,
    @Option(value = "1", in = "1..256", help = "event loops") int threads,
    @Option(
            matches = "\\*|https?://[A-Za-z0-9.\\[\\]:-]+",
            otherwise = "is not an origin such as https://a.example, or *",
            help = "origins whose pages may read, such as https://a.example, or *")
        List<String> cors,
    HttpLimits http) {}
