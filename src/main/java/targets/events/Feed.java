package targets.events;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;

/**
 * Published events, numbered from 1 in the life of the server, and the streams that receive them.
 * The newest are kept in a window, from which every stream reads at its own pace: no event waits
 * for a client anywhere else. Thread-safe.
 */
@SuppressWarnings("FutureReturnValueIgnored") // The loops' own tasks.
final class Feed {
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Event(long id, byte[] bytes) {}

  private final AtomicReferenceArray<Event> window;
  private final LongAdder missed;
  private final Map<EventLoop, Round> rounds = new ConcurrentHashMap<>();
  private volatile long latest;

  /**
   * A feed.
   *
   * @param missed counts events that a stream could not have any more
   */
  Feed(int window, LongAdder missed) {
    this.window = new AtomicReferenceArray<>(window);
    this.missed = missed;
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

  /** Returns the number of streams. */
  long streams() {
    return rounds.values().stream().mapToLong(round -> round.count).sum();
  }

  /** Adds a stream, on its loop, after the event that its client has, or after the latest. */
  Source join(EventStream stream, OptionalLong lastEventId) {
    Round round = rounds.computeIfAbsent(stream.loop(), Round::new);
    round.add(stream);
    return new Cursor(round, stream, lastEventId.orElse(latest) + 1);
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

  /** The streams of one loop; after every {@value #SLICE} of them the loop reads its sockets. */
  private static final class Round {
    private static final int SLICE = 256;
    private static final EventStream[] NONE = {};

    private final EventLoop loop;
    private final Set<EventStream> streams = new LinkedHashSet<>();
    private final AtomicBoolean called = new AtomicBoolean();
    private EventStream[] underWay = NONE;
    private int position;
    private volatile int count;

    Round(EventLoop loop) {
      this.loop = loop;
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
      if (position == underWay.length) {
        called.set(false);
        underWay = streams.toArray(NONE);
        position = 0;
        slice();
      }
    }

    private void slice() {
      int end = Math.min(position + SLICE, underWay.length);
      for (; position < end; position++) {
        underWay[position].wake();
      }
      if (position < underWay.length) {
        // Unlike one that is executed, a scheduled task lets the loop read its sockets first.
        loop.schedule(this::slice, 0, TimeUnit.NANOSECONDS);
        return;
      }
      underWay = NONE;
      position = 0;
      if (called.get()) {
        loop.schedule(this::begin, 0, TimeUnit.NANOSECONDS);
      }
    }
  }
}
