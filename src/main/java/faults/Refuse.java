package faults;

/** Refuses new connections; those that are open go on. It has no direction. */
public record Refuse() implements LinkFault {
  @Override
  public Direction direction() {
    return Direction.BOTH;
  }

  @Override
  public boolean refuses() {
    return true;
  }
}
