package targets.ticker;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import targets.shared.JdkClient;

/** What one client got, feed by feed. */
public final class Sequences {
  private final Map<String, List<Long>> byFeed = new TreeMap<>();
  private int count;
  private int skipped;

  /** Reads so many broadcasts, skipped ones included. */
  public static Sequences read(JdkClient client, int count) {
    Sequences got = new Sequences();
    while (got.count + got.skipped < count) {
      got.add(client.next());
    }
    return got;
  }

  /** Takes a message; those that are no broadcasts count for nothing. */
  public void add(JsonNode message) {
    if (message.get("type").asText().equals("feed:conflated")) {
      message.get("skipped").forEach(ofFeed -> skipped += ofFeed.asInt());
    } else if (message.has("seq")) {
      byFeed
          .computeIfAbsent(message.get("feed").asText(), unused -> new ArrayList<>())
          .add(message.get("seq").asLong());
      count++;
    }
  }

  /** Broadcasts that came. */
  public int count() {
    return count;
  }

  /** Returns the number of replaced broadcasts that the ticker reported. */
  public int skipped() {
    return skipped;
  }

  public Map<String, List<Long>> byFeed() {
    return byFeed;
  }

  /** True if every feed came from 1 on without a hole, in order, and nothing twice. */
  public boolean areComplete() {
    return byFeed.values().stream()
        .allMatch(got -> got.equals(LongStream.rangeClosed(1, got.size()).boxed().toList()));
  }
}
