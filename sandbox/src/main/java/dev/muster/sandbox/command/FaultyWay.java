package dev.muster.sandbox.command;

import dev.muster.sandbox.client.Trust;
import dev.muster.sandbox.fault.FaultProxy;
import dev.muster.sandbox.fault.Request;
import dev.muster.sandbox.fault.Rule;
import dev.muster.sandbox.fault.Upstream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** How clients come to the sandbox: straight, or past rules by which something goes wrong. */
final class FaultyWay implements AutoCloseable {
  private final Optional<FaultProxy> proxy;
  private final String kubeconfig;

  private FaultyWay(Optional<FaultProxy> proxy, String kubeconfig) {
    this.proxy = proxy;
    this.kubeconfig = kubeconfig;
  }

  /**
   * The simulated controllers go straight in any case.
   *
   * @param told hears of each time that a rule is followed, from many threads
   */
  static FaultyWay to(Sandbox sandbox, List<Rule> rules, Consumer<String> told) {
    String straight = sandbox.server().kubeconfig();
    if (rules.isEmpty()) {
      return new FaultyWay(Optional.empty(), straight);
    }
    Map<String, Upstream> clusters = new HashMap<>();
    for (String name : sandbox.clusters()) {
      clusters.put(name, new Upstream(sandbox.server().baseUrl(name), Trust.jdk()));
    }
    FaultProxy proxy = FaultProxy.before(clusters);
    for (Rule rule : rules) {
      proxy
          .faults()
          .add(rule.then(request -> told.accept("fault: " + rule.fault() + " at " + at(request))));
    }
    String past = straight;
    for (String name : sandbox.clusters()) {
      // Up to the end of the line: m1 is the beginning of m10.
      past = past.replace(sandbox.server().baseUrl(name) + "\n", proxy.url(name).toString() + "\n");
    }
    return new FaultyWay(Optional.of(proxy), past);
  }

  private static String at(Request request) {
    return request.cluster() + " " + request.verb() + " " + request.path();
  }

  String kubeconfig() {
    return kubeconfig;
  }

  @Override
  public void close() {
    proxy.ifPresent(FaultProxy::close);
  }
}
