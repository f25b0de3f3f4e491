package targets.relay.bridge;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import settings.Option;
import targets.relay.message.Delivery;
import targets.relay.message.TokenStore;

/** Settings of the bridge. */
record BridgeSettings(
    @Option(value = "127.0.0.1", about = "address to listen on") String host,
    @Option(value = "8091", max = "65535", about = "port of /health and /metrics, 0 for any free")
        int port,
    @Option(value = "redis://127.0.0.1:6379", about = "Redis, with user and password if required")
        URI redis,
    @Option(value = "nats://127.0.0.1:4222", about = "NATS, with user and password if required")
        URI nats,
    @Option(value = "core", about = "core: at most once; durable: exactly once, JetStream needed")
        Delivery delivery,
    @Option(value = "llm:tokens:*", about = "core: Redis channels to listen to") String pattern,
    @Option(value = "8", min = "1", max = "64", about = "durable: Redis streams llm:token-log:0 …")
        int shards,
    @Option(about = "durable: a bridge of the same name takes over at once") Optional<String> name,
    @Option(value = "2s", min = "500ms", max = "1m", about = "durable: lease of the reading bridge")
        Duration lease,
    TokenStore store,
    @Option(value = "5s", max = "1h", about = "how long to pass on what was read when stopping")
        Duration drain) {}
