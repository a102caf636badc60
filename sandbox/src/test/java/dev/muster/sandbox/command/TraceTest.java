package dev.muster.sandbox.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What each expression of a step comes to, and from what. */
@Timeout(120)
class TraceTest {
  @Test
  void showsEachTermOfAStepWithWhatItReadsDownToFacts() {
    try (Fleet fleet = Fleet.of(1, "3.3")) {
      String said =
          fleet
              .muster("why", "--trace", "member-role")
              .exits(0)
              .says(
                  "step member-role[m1] on m1: run",
                  "host.version = \"v3.3.2\"",
                  "fact version: ${self.configuration.metadata.labels.version}",
                  "gate member-installed",
                  "spec.authentication.jwtSecret: ${jwtSecret} = (sensitive)",
                  "member.reinstalled != 'adopt' = true")
              .out();
      assertThat(said.lines()).allMatch(line -> line.length() <= 80);
      assertThat(fleet.writes()).isEmpty();
    }
  }

  @Test
  void aRecordedFleetShowsTheSameWithoutBeingAsked() {
    try (Fleet fleet = Fleet.joined(2, "3.3")) {
      String snapshot = fleet.folder.resolve("snapshot.json").toString();
      fleet.muster("plan", "--snapshot", snapshot).exits(0);
      String live = fleet.muster("why", "m2", "--trace", "register").exits(0).out();
      fleet.requests();

      String recorded =
          fleet.muster("why", "m2", "--trace", "register", "--offline", snapshot).exits(0).out();

      assertThat(fleet.requests())
          .filteredOn(request -> request.userAgent().startsWith("muster/"))
          .isEmpty();
      assertThat(recorded).isEqualTo(live).contains("step register[m2] on host: done");
      assertThat(recorded).doesNotContain("register[m1]");
    }
  }

  @Test
  void noSensitiveValueIsShown() {
    try (Fleet fleet = Fleet.joined(1, "3.3")) {
      List<String> secrets =
          List.of(
              fleet.jwtSecret("host"),
              fleet.cluster("m1").at("/spec/connection/token").asText(),
              fleet.cluster("m1").at("/spec/connection/kubeconfig").asText());
      assertThat(secrets).allMatch(secret -> secret.length() > 16);
      for (String step : List.of("host-role", "member-role", "register", "agent")) {
        assertThat(fleet.muster("why", "--trace", step).exits(0).all())
            .contains("step " + step)
            .doesNotContain(secrets);
      }
    }
  }

  @Test
  void aStepThatIsNotThereIsRefusedWithAHint() {
    try (Fleet fleet = Fleet.of(1, "3.3")) {
      fleet.muster("why", "--trace", "membr-role").exits(1).says("did you mean member-role?");
      fleet.muster("why", "--offline", "x.json").exits(64);
    }
  }
}
