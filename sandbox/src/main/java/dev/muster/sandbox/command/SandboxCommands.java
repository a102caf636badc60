package dev.muster.sandbox.command;

import dev.muster.cli.CommandProvider;
import dev.muster.cli.MusterCommand;
import java.util.List;

/** Adds the sandbox's commands to the program. */
public final class SandboxCommands implements CommandProvider {
  @Override
  public List<Object> commands(MusterCommand top) {
    return List.of(new SandboxCommand(), new DemoCommand(top));
  }
}
