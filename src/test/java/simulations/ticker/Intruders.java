package simulations.ticker;

import java.util.List;

/** The attackers and the slow client, who come with the first user; each on its own thread. */
final class Intruders {
  /** Longer than one attack takes; the slow client ends at once. */
  private static final long JOIN_MS = 20_000;

  final Attackers attackers;
  final SlowViewer slow;
  private final List<Thread> threads;
  private boolean begun;

  Intruders(Attackers attackers, SlowViewer slow) {
    this.attackers = attackers;
    this.slow = slow;
    threads = List.of(new Thread(attackers, "attackers"), new Thread(slow, "slow viewer"));
    threads.forEach(thread -> thread.setDaemon(true));
  }

  /** Begins; later calls change nothing. */
  synchronized void begin() {
    if (!begun) {
      begun = true;
      threads.forEach(Thread::start);
    }
  }

  /** Ends the attacks, after the one under way, and the slow client; none begin after that. */
  synchronized void close() {
    begun = true;
    threads.forEach(Thread::interrupt);
    try {
      for (Thread thread : threads) {
        thread.join(JOIN_MS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
