package targets.llm;

import java.time.Duration;
import java.util.Optional;
import settings.Option;

/** How fast a stream speaks, unless its request says otherwise. */
record Pace(
    @Option(value = "163", min = "1", max = "100000", about = "tokens of a stream") int tokens,
    @Option(value = "10s", max = "1h", about = "from the first token to the end of a stream")
        Duration duration,
    @Option(value = "0ms", max = "10m", about = "from the request to the first token")
        Duration firstToken,
    @Option(
            value = "0ms",
            max = "1m",
            about = "the most by which a token is late, uniform from 0, without adding up")
        Duration jitter,
    @Option(max = "100000", about = "break the connection after so many tokens")
        Optional<Integer> breakAfter) {}
