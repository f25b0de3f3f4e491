package targets.ticker;

import java.net.URI;
import java.util.List;
import settings.Option;

/** Settings of the publisher. */
record PublisherSettings(
    @Option(value = "127.0.0.1", about = "address to listen on") String host,
    @Option(
            value = "3002",
            max = "65535",
            about = "port of /health and /metrics, 0 for any free one")
        int port,
    @Option(
            value = "nats://127.0.0.1:4222",
            about = "NATS, with user and password if it requires them")
        URI nats,
    @Option(
            value = "10",
            min = "0.001",
            max = "1000000",
            about = "messages a second, of all feeds together")
        double rate,
    @Option(value = "0", about = "messages in all, 0 for no end") long count,
    @Option(value = "10", min = "1", max = "2000", about = "tokens of the market: T1, T2 and so on")
        int tokens,
    @Option(
            value = "0",
            max = "1000000",
            about = "users with trades of their own: user-1, user-2 and so on")
        int users,
    @Option(
            value = "price,volume,holders,trades,user-trades,batch,stats",
            about = "kinds of messages")
        List<Kind> kinds,
    @Option(
            value = "42",
            min = "-9223372036854775808",
            about = "seed of prices and of the order of messages")
        long seed) {}
