package targets.ticker;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RateTest {
  private static final long S_NS = 1_000_000_000;

  @ParameterizedTest
  @ValueSource(longs = {0, 5 * S_NS, -5 * S_NS, Long.MAX_VALUE, Long.MIN_VALUE + 1})
  void a_seconds_worth_may_come_at_once_and_then_no_more(long now) {
    Rate rate = Rate.perSecond(10);
    long mark = now;
    for (int number = 0; number < 10; number++) {
      mark = rate.take(mark, now);
      assertThat(mark).isNotEqualTo(Rate.REFUSED);
    }
    assertThat(rate.take(mark, now)).isEqualTo(Rate.REFUSED);
    assertThat(rate.take(mark, now + S_NS / 10)).isNotEqualTo(Rate.REFUSED);
  }

  @Test
  void an_even_rate_is_never_refused() {
    Rate rate = Rate.perSecond(7);
    long mark = 0;
    for (long number = 0; number < 1_000; number++) {
      mark = rate.take(mark, number * S_NS / 7);
      assertThat(mark).isNotEqualTo(Rate.REFUSED);
    }
  }

  @Test
  void each_address_has_its_own_account_up_to_the_limit() throws UnknownHostException {
    AddressQuotas limits = quotas(2);
    AddressQuotas.Account first = limits.of(address(1), 0);
    assertThat(first.mayConnect(0)).isTrue();
    assertThat(first.mayConnect(0)).isFalse();
    assertThat(first.maySend(0)).isTrue();
    assertThat(first.maySend(0)).isFalse();
    assertThat(limits.of(address(2), 0).mayConnect(0)).isTrue();
    assertThat(limits.of(address(3), 0)).isSameAs(limits.of(address(4), 0)).isNotSameAs(first);
    assertThat(limits.size()).isEqualTo(2);
  }

  @Test
  void an_address_is_forgotten_once_it_is_idle() throws UnknownHostException {
    AddressQuotas limits = quotas(9);
    AddressQuotas.Account account = limits.of(address(1), 0);
    assertThat(account.mayConnect(0)).isTrue();
    limits.sweep(S_NS - 1);
    assertThat(limits.size()).as("its last attempt still counts").isOne();
    account.began();
    limits.sweep(2 * S_NS);
    assertThat(limits.size()).as("it has a connection").isOne();
    account.ended();
    limits.sweep(2 * S_NS);
    assertThat(limits.size()).isZero();
  }

  private static AddressQuotas quotas(int addresses) {
    Map<String, String> options =
        Map.of(
            "max-addresses", Integer.toString(addresses),
            "connects-per-address", "1",
            "messages-per-address", "1");
    return new AddressQuotas(
        TickerServer.SPEC.reader(options).finish(TickerSettings.class).limits(), 0);
  }

  private static InetAddress address(int last) throws UnknownHostException {
    return InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) last});
  }
}
