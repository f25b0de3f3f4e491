package simulations.run;

import faults.Fault;
import faults.Part;
import faults.ProcessFault;
import stack.ManagedProcess;

/** A process of the run that faults strike. Its guard ends it if this JVM is gone meanwhile. */
record ProcessPart(ManagedProcess process) implements Part {
  @Override
  public void strike(Fault fault) {
    switch ((ProcessFault) fault) {
      case KILL -> process.kill();
      case STOP -> process.close();
      case PAUSE -> process.pause();
    }
  }

  @Override
  public void heal(Fault fault) {
    if (fault == ProcessFault.PAUSE) {
      process.resume();
    } else {
      process.restart();
    }
  }
}
