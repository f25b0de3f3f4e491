package faults;

import java.util.Optional;

/**
 * Resets connections (RST), those that are open and those made meanwhile: UP that of the service,
 * DOWN that of the client, at once; the other side is then closed too.
 */
public record Reset(Direction direction) implements LinkFault {
  @Override
  public void strikes(TcpLink.Connection connection) {
    connection.reset(direction);
    connection.close();
  }

  @Override
  public void meets(TcpLink.Connection connection) {
    strikes(connection);
  }

  @Override
  public Optional<Toxiproxy.Toxic> toxic() {
    return Toxiproxy.Toxic.of("reset_peer", "timeout", 0);
  }
}
