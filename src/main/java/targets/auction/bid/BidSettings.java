package targets.auction.bid;

import java.net.URI;
import java.time.Duration;
import settings.Option;
import targets.auction.EventStore;

/** Settings of the bid service. */
record BidSettings(
    @Option(value = "127.0.0.1", about = "address to listen on") String host,
    @Option(value = "8080", max = "65535", about = "port to listen on, 0 for any free one")
        int port,
    @Option(value = "redis://127.0.0.1:6379", about = "Redis, with user and password if needed")
        URI redis,
    @Option(value = "lua", about = "lua: decide in a script; optimistic: WATCH and MULTI")
        Strategy strategy,
    @Option(value = "500ms", min = "10ms", max = "1m", about = "answer 503 when Redis takes longer")
        Duration redisTimeout,
    @Option(value = "64", min = "1", max = "1024", about = "requests under way at once")
        int threads,
    @Option(value = "20000", min = "1", max = "1000000", about = "clients connected at once")
        int maxConnections,
    @Option(value = "1000000", min = "1", max = "1000000000", about = "unpublished events, or 503")
        long backlog,
    @Option(value = "10m", min = "10ms", max = "1d", about = "how long the answer to a key is kept")
        Duration remember,
    EventStore.Settings store,
    @Option(value = "5s", max = "1h", about = "how long to finish what is under way when stopping")
        Duration drain) {
  /** How concurrent bids on one item are kept apart. */
  enum Strategy {
    LUA,
    OPTIMISTIC
  }
}
