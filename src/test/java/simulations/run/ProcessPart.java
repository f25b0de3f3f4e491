package simulations.run;

import faults.Fault;
import faults.Part;
import faults.ProcessFault;
import java.io.IOException;
import java.util.Optional;
import stack.ManagedProcess;
import stack.SmallDisk;

/**
 * A process of the run that faults strike. Its guard ends it if this JVM is gone meanwhile.
 *
 * @param disk of its data, if that is one that can be full
 */
record ProcessPart(ManagedProcess process, Optional<SmallDisk> disk) implements Part {
  @Override
  public void strike(Fault fault) throws IOException {
    switch ((ProcessFault) fault) {
      case KILL -> process.kill();
      case STOP -> process.close();
      case PAUSE -> process.pause();
      case FULL_DISK -> disk.orElseThrow().fill();
    }
  }

  @Override
  public void heal(Fault fault) throws IOException {
    if (fault == ProcessFault.FULL_DISK) {
      disk.orElseThrow().free();
    }
    if (fault == ProcessFault.PAUSE) {
      process.resume();
    } else {
      process.restart();
    }
  }
}
