package targets.llm;

import java.time.Duration;
import java.util.Optional;
import settings.Option;

/** How fast a stream speaks, unless its request says otherwise. */
record Pace(
    @Option(value = "163", in = "1..100000", help = "tokens of a stream") int tokens,
    @Option(value = "10s", in = "0..1h", help = "from the first token to the end of a stream")
        Duration duration,
    @Option(value = "0ms", in = "0..10m", help = "from the request to the first token")
        Duration firstToken,
    @Option(
            value = "0ms",
            in = "0..1m",
            help = "the most by which a token is late, uniform from 0, without adding up")
        Duration jitter,
    @Option(in = "0..100000", help = "break the connection after so many tokens")
        Optional<Integer> breakAfter) {}
