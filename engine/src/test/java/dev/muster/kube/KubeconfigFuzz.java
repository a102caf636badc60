package dev.muster.kube;

import dev.muster.fuzz.Promises;
import dev.muster.live.Failure;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A kubeconfig, up to where a program would be run or a server asked. */
public final class KubeconfigFuzz {
  private KubeconfigFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    long start = Promises.now();
    String text = new String(input, StandardCharsets.UTF_8);
    try {
      login(Kubeconfig.selfContained(text));
    } catch (NoAccess e) {
      told(e.failure(), text);
    }
    try {
      Kubeconfig read = Kubeconfig.parse(Path.of("/nowhere/kubeconfig"), text);
      for (String context : read.contexts().keySet()) {
        try {
          Kubeconfig.Chosen chosen =
              Kubeconfig.choose(List.of(Path.of("kubeconfig")), context, file -> read);
          login(chosen);
          chosen.user().expiry();
        } catch (NoAccess e) {
          told(e.failure(), text);
        }
      }
    } catch (NoAccess e) {
      told(e.failure(), text);
    }
    Promises.quick(start);
  }

  private static void login(Kubeconfig.Chosen chosen) {
    if (!chosen.user().node().has("exec")) {
      try {
        Login.of(chosen, Timeouts.standard(), "fuzz", Map.of(), new ExecPlugin.Cache());
      } catch (IllegalArgumentException e) {
        // What KubeClusters makes a failure of; the exception's own words are not shown.
      }
    }
  }

  /** A name may be shown, so only secrets that nothing else repeats count. */
  private static void told(Failure failure, String text) {
    Promises.that(!failure.message().isBlank(), "a failure without words");
    Promises.printable(failure.message());
    if (text.indexOf(Promises.CANARY) == text.lastIndexOf(Promises.CANARY)
        && text.contains("token: " + Promises.CANARY + "\n")
        && !failure.message().contains("context")) {
      Promises.secret(failure.message());
    }
  }
}
