package targets.llm;

import static settings.Option.Form.BYTES;

import java.time.Duration;
import java.util.Optional;
import settings.Option;

/** Everything that can be set when the server starts. */
record LlmSettings(
    @Option(value = "127.0.0.1", about = "address to listen on") String host,
    @Option(value = "10081", max = "65535", about = "port to listen on, 0 for any free one")
        int port,
    Pace pace,
    @Option(value = "42", min = "-9223372036854775808", about = "chooses the text") long seed,
    @Option(value = "20000", min = "1", max = "1000000", about = "streams at once; above it 429")
        int maxStreams,
    @Option(
            value = "1MiB",
            form = BYTES,
            min = "1",
            max = "64MiB",
            about = "largest request body; above it 413")
        int maxBody,
    @Option(about = "what clients must send as a bearer token; none by default")
        Optional<String> apiKey,
    @Option(
            value = "60s",
            min = "1ms",
            max = "1h",
            about = "cut off a client that makes no room for so long")
        Duration clientStall,
    @Option(value = "10s", max = "1h", about = "how long running streams may finish when stopping")
        Duration drain,
    @Option(value = "1", min = "1", max = "256", about = "event loops") int threads) {}
