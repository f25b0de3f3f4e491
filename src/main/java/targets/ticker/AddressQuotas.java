package targets.ticker;

import java.net.InetAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Rates of each address. An address is forgotten when it has no connection and was silent for a
 * second. Above the limit of addresses, later ones share one account. Thread-safe.
 */
final class AddressQuotas {
  private final int addressesMax;
  private final Rate connectRate;
  private final Rate messageRate;
  private final ConcurrentMap<InetAddress, Account> accounts = new ConcurrentHashMap<>();
  private final Account shared;

  /**
   * @param nowNs monotonic time
   */
  AddressQuotas(TickerSettings.Limits limits, long nowNs) {
    this.addressesMax = limits.addresses();
    this.connectRate = Rate.perSecond(limits.connectsPerAddress());
    this.messageRate = Rate.perSecond(limits.messagesPerAddress());
    this.shared = new Account(nowNs);
  }

  /** The state of one address. */
  final class Account {
    private final AtomicLong connects;
    private final AtomicLong messages;
    private final AtomicInteger open = new AtomicInteger();

    private Account(long nowNs) {
      connects = new AtomicLong(nowNs);
      messages = new AtomicLong(nowNs);
    }

    /** Counts an attempt to connect; false above the limit. */
    boolean mayConnect(long nowNs) {
      return connectRate.take(connects, nowNs);
    }

    /** Counts a frame of any connection; false above the limit. */
    boolean maySend(long nowNs) {
      return messageRate.take(messages, nowNs);
    }

    /** Begins a connection of this address, which {@link #ended} ends. */
    void began() {
      open.incrementAndGet();
    }

    void ended() {
      open.decrementAndGet();
    }

    private boolean isIdle(long nowNs) {
      return open.get() == 0 && connects.get() - nowNs <= 0;
    }
  }

  /** Returns the account of an address. */
  Account of(InetAddress address, long nowNs) {
    Account known = accounts.get(address);
    if (known != null) {
      return known;
    }
    return accounts.size() >= addressesMax
        ? shared
        : accounts.computeIfAbsent(address, unused -> new Account(nowNs));
  }

  /** Forgets idle addresses; to be called about once a second. */
  void sweep(long nowNs) {
    accounts.values().removeIf(account -> account.isIdle(nowNs));
  }

  /** Returns the number of addresses with an account. */
  int size() {
    return accounts.size();
  }
}
