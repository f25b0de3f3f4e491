package faults;

/**
 * Forgets the connections that are open, as a router that restarts: UP, the service's side is reset
 * and the client's stays open and silent; DOWN, the other way round; BOTH, both sides stay open and
 * silent. A side that was kept is reset when the fault is healed. New connections work.
 */
public record HalfOpen(Direction direction) implements LinkFault {
  @Override
  public void strikes(TcpLink.Connection connection) {
    connection.forget();
    if (direction != Direction.BOTH) {
      connection.reset(direction);
    }
  }

  @Override
  public void heals(TcpLink.Connection connection) {
    if (connection.isForgotten()) {
      connection.reset(Direction.BOTH);
    }
  }
}
