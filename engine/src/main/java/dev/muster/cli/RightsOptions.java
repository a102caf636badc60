package dev.muster.cli;

import dev.muster.rights.Account;
import dev.muster.rights.Purpose;
import dev.muster.rights.RightsYaml;
import dev.muster.topology.Topology;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** For what rights are needed, and whose they are. */
final class RightsOptions {
  @Option(
      names = "--for",
      paramLabel = "WHAT",
      converter = PurposeWord.class,
      defaultValue = "apply",
      description =
          "drift (plan, drift and status: reads only), watch (the same, and hearing of changes) or apply (all but watch) (default: ${DEFAULT-VALUE}).")
  private Purpose purpose;

  @Option(
      names = "--account",
      paramLabel = "ACCOUNT",
      converter = AccountWord.class,
      defaultValue = "serviceaccount:kube-system/muster",
      description =
          "Whose they are: serviceaccount:NAMESPACE/NAME, user:NAME or group:NAME (default: ${DEFAULT-VALUE}).")
  private Account account;

  Purpose purpose() {
    return purpose;
  }

  RightsYaml yaml(Topology topology) {
    String role = "muster-" + topology.name() + "-" + purpose.name().toLowerCase(Locale.ROOT);
    return new RightsYaml(account, role, topology.name());
  }

  static final class PurposeWord implements ITypeConverter<Purpose> {
    @Override
    public Purpose convert(String word) {
      return switch (word) {
        case "drift" -> Purpose.DRIFT;
        case "watch" -> Purpose.WATCH;
        case "apply" -> Purpose.APPLY;
        default ->
            throw new TypeConversionException(
                "expected drift, watch or apply, not \"" + word + "\"");
      };
    }
  }

  static final class AccountWord implements ITypeConverter<Account> {
    @Override
    public Account convert(String text) {
      int colon = text.indexOf(':');
      String kind = colon < 0 ? "" : text.substring(0, colon);
      String name = text.substring(colon + 1);
      int slash = name.indexOf('/');
      if (kind.equals("serviceaccount")
          && name.matches("[a-z0-9]([a-z0-9-]*[a-z0-9])?/[a-z0-9]([a-z0-9.-]*[a-z0-9])?")) {
        return new Account(
            Account.Kind.SERVICE_ACCOUNT, name.substring(0, slash), name.substring(slash + 1));
      }
      if (kind.equals("user") && !name.isBlank()) {
        return new Account(Account.Kind.USER, "", name);
      }
      if (kind.equals("group") && !name.isBlank()) {
        return new Account(Account.Kind.GROUP, "", name);
      }
      throw new TypeConversionException(
          "expected serviceaccount:NAMESPACE/NAME, user:NAME or group:NAME, not \"" + text + "\"");
    }
  }
}
