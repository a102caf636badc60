package dev.muster.sandbox.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.sandbox.client.Kind;
import dev.muster.sandbox.controller.env.ClusterSetup;
import dev.muster.sandbox.controller.workload.OpenElb;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tower's address from OpenELB, as a topology says. */
@Timeout(90)
final class OpenElbTest {
  private static final String PROXY = "proxy: {openelb: {address: 192.168.0.100, interface: eth0}}";

  @Test
  void joinsOverTheAddressThatOpenElbGives() {
    try (Fleet fleet = bareMetal()) {
      fleet.topology(PROXY, "- name: m1");
      fleet
          .muster("plan")
          .exits(0)
          .says(
              "create Eip/tower",
              "patch Service/kubesphere-system/tower (after host-role)",
              "+ metadata.annotations['eip.openelb.kubesphere.io/v1alpha2']: \"tower\"");

      fleet.apply().exits(0);

      assertThat(
              fleet
                  .kubectl("host")
                  .get(Kind.SERVICE, Fleet.SYSTEM, "tower")
                  .at("/status/loadBalancer/ingress/0/ip")
                  .asText())
          .isEqualTo("192.168.0.100");
      assertThat(fleet.deployment("m1", "cluster-agent").toString())
          .contains("--proxy-server=http://192.168.0.100:8080");
      fleet.muster("plan", "--detailed-exitcode").exits(0);
      fleet.muster("drift").exits(0);
    }
  }

  @Test
  void doesWhatTheExampleSays() {
    try (Fleet fleet = bareMetal()) {
      fleet.topology(Transcript.topology("openelb"));
      Transcript.of("openelb")
          .add(
              "muster plan --only host-role,openelb,tower-address",
              fleet.muster("plan", "--only", "host-role,openelb,tower-address"))
          .addEnd("muster apply --yes", fleet.apply())
          .add("muster plan --detailed-exitcode", fleet.muster("plan", "--detailed-exitcode"))
          .isAsWritten();
    }
  }

  @Test
  void saysBeforehandWhatOpenElbWouldNotDo() {
    try (Fleet fleet = bareMetal()) {
      fleet.topology(PROXY, "- name: m1");
      fleet.apply().exits(0);
      fleet.topology(PROXY.replace(".100", ".101"), "- name: m1");
      fleet
          .muster("plan")
          .exits(5)
          .says("Eip tower has the address 192.168.0.100, the topology says 192.168.0.101");
      fleet.topology(
          PROXY.replace("proxy: {", "proxy: {address: 'http://198.51.100.1:8080', "), "- name: m1");
      fleet.muster("plan").exits(5).says("proxy.address and proxy.openelb exclude each other");
      assertThat(fleet.kubectl("host").items(OpenElb.EIP, null)).hasSize(1);
    }
    try (Fleet fleet = Fleet.of(1, "3.3")) {
      fleet.topology(PROXY, "- name: m1");
      fleet.muster("plan").exits(5).says("OpenELB is not installed on the host");
    }
  }

  private static Fleet bareMetal() {
    return Fleet.with(
        Fleet.settings(1, "3.3")
            .withLoadBalancer(Fleet.PENDING)
            .withEach(ClusterSetup::withOpenElb));
  }
}
