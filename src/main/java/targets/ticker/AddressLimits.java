package targets.ticker;

import java.net.InetAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How much each address may do. An address is forgotten when it has no connection and has done
 * nothing for a second. If there are too many of them, those that come later share one account.
 * Thread-safe.
 */
final class AddressLimits {
  /** What is known of one address. */
  static final class Account {
    private final AtomicLong connects;
    private final AtomicLong messages;
    private final AtomicInteger open = new AtomicInteger();

    private Account(long nowNs) {
      connects = new AtomicLong(nowNs);
      messages = new AtomicLong(nowNs);
    }

    /** A connection of this address begins; to be ended by {@link #ended}. */
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

  private final int addressesMax;
  private final Rate connectRate;
  private final Rate messageRate;
  private final ConcurrentMap<InetAddress, Account> accounts = new ConcurrentHashMap<>();
  private final Account shared;

  /**
   * @param addressesMax accounts at once
   * @param connectRate attempts to connect, for each address
   * @param messageRate frames on all connections of an address
   * @param nowNs monotonic time
   */
  AddressLimits(int addressesMax, Rate connectRate, Rate messageRate, long nowNs) {
    this.addressesMax = addressesMax;
    this.connectRate = connectRate;
    this.messageRate = messageRate;
    this.shared = new Account(nowNs);
  }

  /** The account of an address. */
  Account of(InetAddress address, long nowNs) {
    Account known = accounts.get(address);
    if (known != null) {
      return known;
    }
    return accounts.size() >= addressesMax
        ? shared
        : accounts.computeIfAbsent(address, unused -> new Account(nowNs));
  }

  /** One more attempt to connect; false if it is too many. */
  boolean mayConnect(Account account, long nowNs) {
    return take(connectRate, account.connects, nowNs);
  }

  /** One more frame; false if it is too many. */
  boolean maySend(Account account, long nowNs) {
    return take(messageRate, account.messages, nowNs);
  }

  /** Forgets addresses that are gone; to be called now and then. */
  void sweep(long nowNs) {
    accounts.values().removeIf(account -> account.isIdle(nowNs));
  }

  /** How many addresses are known. */
  int size() {
    return accounts.size();
  }

  private static boolean take(Rate rate, AtomicLong mark, long nowNs) {
    while (true) {
      long old = mark.get();
      long next = rate.take(old, nowNs);
      if (next == Rate.REFUSED) {
        return false;
      }
      if (mark.compareAndSet(old, next)) {
        return true;
      }
    }
  }
}
