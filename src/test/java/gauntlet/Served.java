package gauntlet;

import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import targets.shared.TargetSpec;

/**
 * A target as arguments of the command line start it, such as {@code serve llm --host 0.0.0.0}.
 *
 * @param options the given ones, by name
 */
record Served(TargetSpec target, Map<String, String> options) {
  /**
   * Parses arguments without starting anything.
   *
   * @throws ParameterException if the command line does not accept them
   */
  static Served parse(List<String> args) {
    CommandLine gauntlet = new CommandLine(CommandSpec.create());
    gauntlet.addSubcommand("serve", ServeCommand.withTargets());
    ParseResult serve = gauntlet.parseArgs(args.toArray(String[]::new)).subcommand();
    if (serve == null || !serve.hasSubcommand()) {
      throw new ParameterException(gauntlet, "'" + String.join(" ", args) + "' serves no target");
    }
    CommandSpec command = serve.subcommand().commandSpec();
    TargetSpec target =
        Targets.ALL.stream()
            .filter(each -> each.name().equals(command.name()))
            .findFirst()
            .orElseThrow();
    return new Served(target, SettingOptions.given(command));
  }

  /** Returns the port on which the target listens. */
  int port() {
    String byDefault =
        target.options().stream()
            .filter(option -> option.name().equals("port"))
            .findFirst()
            .orElseThrow()
            .defaultValue();
    return Integer.parseInt(options.getOrDefault("port", byDefault));
  }
}
