package simulations.run;

import faults.ClockStep;
import faults.Fault;
import faults.Part;
import faults.ProcessFault;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import stack.ManagedProcess;
import stack.Server;
import stack.SmallDisk;
import stack.TargetProcess;

/**
 * A process that the run started, which faults may strike. Its guard ends it if this JVM is gone
 * meanwhile.
 *
 * @param disk of its data, if that is one that can be full
 */
record ProcessPart(String name, ManagedProcess process, Optional<SmallDisk> disk) implements Part {
  @Override
  public void strike(Fault fault) throws IOException {
    if (fault instanceof ClockStep step) {
      ((TargetProcess) process).shiftClock(step.by());
      return;
    }
    switch ((ProcessFault) fault) {
      case KILL -> process.kill();
      case STOP -> process.close();
      case PAUSE -> process.pause();
      case FULL_DISK -> disk.orElseThrow().fill();
    }
  }

  @Override
  public void heal(Fault fault) throws IOException {
    if (fault instanceof ClockStep) {
      ((TargetProcess) process).shiftClock(Duration.ZERO);
      return;
    }
    switch ((ProcessFault) fault) {
      case KILL, STOP -> process.restart();
      case PAUSE -> process.resume();
      case FULL_DISK -> {
        disk.orElseThrow().free();
        ((Server) process).recover();
      }
    }
  }

  /** Ends it; the data of a server goes with it. */
  void end() {
    try {
      process.close();
    } finally {
      disk.ifPresent(SmallDisk::close);
      if (process instanceof Server server) {
        server.discard();
      }
    }
  }
}
