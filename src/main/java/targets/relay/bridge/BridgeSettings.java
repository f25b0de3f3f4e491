package targets.relay.bridge;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import settings.Option;
import targets.relay.message.Guarantee;
import targets.relay.message.TokenStore;
import targets.shared.HttpLimits;

/** Settings of the bridge. */
record BridgeSettings(
    @Option(value = "127.0.0.1", help = "address to listen on") String host,
    @Option(value = "8091", in = "0..65535", help = "port of /health and /metrics, 0 for any free")
        int port,
    @Option(value = "redis://127.0.0.1:6379", help = "Redis, with user and password if required")
        URI redis,
    @Option(value = "nats://127.0.0.1:4222", help = "NATS, with user and password if required")
        URI nats,
    @Option(value = "core", help = "core: at most once; durable: exactly once, JetStream needed")
        Guarantee delivery,
    @Option(value = "llm:tokens:*", help = "core: Redis channels to listen to") String pattern,
    @Option(value = "8", in = "1..64", help = "durable: Redis streams llm:token-log:0 …")
        int shards,
    @Option(help = "durable: a bridge of the same name takes over at once") Optional<String> name,
    @Option(value = "2s", in = "500ms..1m", help = "durable: lease of the reading bridge")
        Duration lease,
    TokenStore store,
    @Option(value = "5s", in = "0..1h", help = "how long to pass on what was read when stopping")
        Duration drain,
    HttpLimits http) {}
