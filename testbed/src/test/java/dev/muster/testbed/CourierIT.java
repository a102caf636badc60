package dev.muster.testbed;

import static dev.muster.testbed.MusterAssert.assertThat;
import static dev.muster.testbed.RealFleet.AGENT;
import static dev.muster.testbed.RealFleet.CONFIGURATION;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A member that is never asked anything from home, joined by a bundle whose run is killed once. */
@Timeout(300)
final class CourierIT {
  private static final String KEY = "canary-seal-0123456789abcdef";

  @Test
  void joinsAMemberByWhatIsCarried() {
    try (RealFleet fleet = RealFleet.of("3.3").member("m1").member("m2").start()) {
      Muster muster = fleet.muster();
      muster.write("m2.key", KEY + "\n");
      fleet.declare(
          """
          host: {proxy: {address: "http://203.0.113.1:8080"}}
          members:
          - {name: m1}
          - {name: m2, access: {courier: {sealWith: {file: m2.key}}}}
          """);
      PlannedWrites planned =
          PlannedWrites.of(
              muster.call("plan", "-o", "patch").out(), muster.call("plan", "-o", "json").out());
      assertThat(muster.call("apply", "--yes")).exitsWith(8);
      assertThat(planned.differences(fleet.requests(), true)).isEmpty();
      String bundle = muster.repository().resolve("m2.bundle").toString();
      assertThat(muster.call("plan", "--for", "m2", "--bundle", bundle)).exitsWith(8);
      assertThat(fleet.requests().to("m2")).isEmpty();

      Requests earlier = fleet.requests();
      Muster.Running killed = muster.start(there(muster, bundle));
      RealFleet.until(
          "m2 is declared a member",
          () -> killed.ended() || !fleet.requests().after(earlier).writes().isEmpty());
      killed.kill();
      assertThat(killed.await()).exitsWith(137);
      assertThat(muster.run(there(muster, bundle))).exitsWith(0);
      Requests sent = fleet.requests().after(earlier);
      assertThat(sent.to("host")).isEmpty();
      assertThat(sent.to("m1")).isEmpty();
      assertThat(sent.to("m2").stream().filter(Audit.Request::writes))
          .extracting(request -> request.verb() + " " + request.path())
          .containsExactly("patch " + CONFIGURATION, "create " + AGENT.replaceFirst("/[^/]*$", ""));

      Requests before = fleet.requests();
      assertThat(muster.call("apply", "--yes", "--receipt", bundle + ".receipt")).exitsWith(0);
      assertThat(muster.call("plan", "--detailed-exitcode")).exitsWith(0);
      assertThat(muster.call("drift")).exitsWith(0);
      assertThat(fleet.requests().after(before).to("m2")).isEmpty();
      assertThat(muster.results()).noneMatch(result -> result.toString().contains(KEY));
      assertThat(muster.results()).noneMatch(r -> r.toString().contains(fleet.jwtSecret()));
    }
  }

  private static String[] there(Muster muster, String bundle) {
    Path folder = muster.repository();
    return List.of(
            "apply",
            "--yes",
            bundle,
            "--seal-with",
            "file:" + folder.resolve("m2.key"),
            "--kubeconfig",
            folder.resolve("kubeconfig.yaml").toString())
        .toArray(String[]::new);
  }
}
