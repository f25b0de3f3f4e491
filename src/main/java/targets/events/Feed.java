package targets.events;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import targets.shared.Pacer;

/**
 * Published events, numbered from 1 in the life of the server, and the streams that receive them.
 * The newest are kept in a window, from which every stream reads at its own pace: no event waits
 * for a client anywhere else. Thread-safe.
 */
final class Feed {
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Event(long id, byte[] bytes) {}

  private final AtomicReferenceArray<Event> window;
  private final LongAdder missed;
  private final LongSupplier nanoClock;
  private final Map<EventLoop, Round> rounds = new ConcurrentHashMap<>();
  private volatile long latest;

  /** A feed, which counts the events that a stream could not have any more. */
  Feed(int window, LongAdder missed, LongSupplier nanoClock) {
    this.window = new AtomicReferenceArray<>(window);
    this.missed = missed;
    this.nanoClock = nanoClock;
  }

  /** Publishes an event; returns its number. */
  long publish(String data) {
    long id = store(data);
    rounds.values().forEach(Round::call);
    return id;
  }

  private synchronized long store(String data) {
    long id = latest + 1;
    String lines = data.replaceAll("\r\n|\r|\n", "\ndata: ");
    String event = "id: " + id + "\ndata: " + lines + "\n\n";
    window.set(place(id), new Event(id, event.getBytes(StandardCharsets.UTF_8)));
    latest = id;
    return id;
  }

  long streams() {
    return rounds.values().stream().mapToLong(round -> round.count).sum();
  }

  /** Adds a stream, on its loop, after the event that its client has, or after the latest. */
  Source join(EventStream stream, OptionalLong lastEventId) {
    Round round = round(stream.loop());
    round.add(stream);
    return new Cursor(round, stream, lastEventId.orElse(latest) + 1);
  }

  /** Returns the alarm clock of the streams of a loop; paced ones, with another, do not wait. */
  Pacer pacer(EventLoop loop) {
    return round(loop).pacer;
  }

  private Round round(EventLoop loop) {
    return rounds.computeIfAbsent(loop, each -> new Round(each, new Pacer(each, nanoClock)));
  }

  private int place(long id) {
    return (int) (id % window.length());
  }

  private long first() {
    return Math.max(1, latest - window.length() + 1);
  }

  /** The place of one stream in the feed. */
  private final class Cursor implements Source {
    private final Round round;
    private final EventStream stream;
    private long next;

    Cursor(Round round, EventStream stream, long next) {
      this.round = round;
      this.stream = stream;
      this.next = next;
    }

    @Override
    public long dueNs() {
      return next == latest + 1 ? LATER : Long.MIN_VALUE;
    }

    @Override
    public void write(ByteBuf out) {
      Event event = window.get(place(next));
      boolean isThere = event != null && event.id == next;
      long first = first();
      byte[] bytes = isThere ? event.bytes : gap(first);
      next = isThere ? next + 1 : first;
      out.writeBytes(bytes);
    }

    @Override
    public void close() {
      round.remove(stream);
    }

    /** The window has moved on, or the client's number is of another life of the server. */
    private byte[] gap(long first) {
      missed.add(Math.max(1, first - next));
      String data = "data: {\"wanted\":" + next + ",\"first\":" + first + "}\n\n";
      return ("event: replay-gap\n" + data).getBytes(StandardCharsets.US_ASCII);
    }
  }

  /** The streams of one loop. */
  private static final class Round {
    private final EventLoop loop;
    private final Pacer pacer;
    private final Set<EventStream> streams = new LinkedHashSet<>();
    private final AtomicBoolean called = new AtomicBoolean();
    private volatile int count;

    Round(EventLoop loop, Pacer pacer) {
      this.loop = loop;
      this.pacer = pacer;
    }

    void add(EventStream stream) {
      streams.add(stream);
      count = streams.size();
    }

    void remove(EventStream stream) {
      streams.remove(stream);
      count = streams.size();
    }

    /** Wakes the streams, soon; one round serves all events that are published until it begins. */
    void call() {
      if (called.compareAndSet(false, true)) {
        loop.execute(this::begin);
      }
    }

    private void begin() {
      called.set(false);
      streams.forEach(EventStream::wake);
    }
  }
}
