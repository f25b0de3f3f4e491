package targets.auction.bid;

import java.net.URI;
import java.time.Duration;
import settings.Option;
import targets.auction.EventStore;
import targets.shared.HttpLimits;

/** Settings of the bid service. */
record BidSettings(
    @Option(value = "127.0.0.1", help = "address to listen on") String host,
    @Option(value = "8080", in = "0..65535", help = "port to listen on, 0 for any free one")
        int port,
    @Option(value = "redis://127.0.0.1:6379", help = "Redis, with user and password if needed")
        URI redis,
    @Option(value = "lua", help = "lua: decide in a script; optimistic: WATCH and MULTI")
        Strategy strategy,
    @Option(value = "500ms", in = "10ms..1m", help = "answer 503 when Redis takes longer")
        Duration redisTimeout,
    @Option(value = "64", in = "1..1024", help = "requests under way at once") int threads,
    @Option(value = "1000000", in = "1..1000000000", help = "unpublished events, or 503")
        long backlog,
    @Option(value = "10m", in = "10ms..1d", help = "how long the answer to a key is kept")
        Duration remember,
    EventStore.Settings store,
    @Option(value = "5s", in = "0..1h", help = "how long to finish what is under way when stopping")
        Duration drain,
    HttpLimits http) {
  /** How concurrent bids on one item are kept apart. */
  enum Strategy {
    LUA,
    OPTIMISTIC
  }
}
