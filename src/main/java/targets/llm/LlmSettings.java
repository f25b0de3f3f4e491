package targets.llm;

import java.time.Duration;
import java.util.Optional;
import settings.Option;
import targets.shared.Listener;

/** Everything that can be set when the server starts. */
record LlmSettings(
    Listener listener,
    Pace pace,
    @Option(value = "42", in = "-9223372036854775808..", help = "chooses the text") long seed,
    @Option(value = "20000", in = "1..1000000", help = "streams at once; above it 429")
        int maxStreams,
    @Option(value = "1MiB", in = "1..64MiB", help = "largest request body; above it 413")
        int maxBody,
    @Option(help = "what clients must send as a bearer token; none by default")
        Optional<String> apiKey,
    @Option(value = "60s", in = "1ms..1h", help = "cut off a client that makes no room for so long")
        Duration clientStall,
    @Option(value = "10s", in = "0..1h", help = "how long running streams may finish when stopping")
        Duration drain,
    @Option(value = "1", in = "1..256", help = "event loops") int threads) {}
