package dev.muster.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The daily round: the topology lives in git, "CI" plans and applies what is committed, a person
 * edits two fields with kubectl, cron finds who did it, one edit is accepted, the other healed, a
 * change is rolled back, and later somebody asks who set what. What each command prints stands in
 * {@code src/test/resources/story}.
 */
@Timeout(420)
final class StoryIT {
  private static final String MEMBERS =
      """
      host:
        proxy: {address: "http://139.198.120.120:8080"}
      members:
      - name: idc-1
        labels: {tier: gold}     # paid for until May
      - name: idc-2
        labels: {tier: silver}
      """;

  @Test
  void theDailyRound() {
    try (RealFleet fleet = RealFleet.of("3.3").member("idc-1").member("idc-2").start()) {
      Story story = new Story(fleet);
      fleet.muster().write(".gitignore", "kubeconfig*.yaml\n*.json\n*.log\n");
      fleet.declare(MEMBERS);
      String topology = "git+file://" + fleet.muster().repository() + "//topology.yaml?ref=main";

      story.tell("validate", "muster validate -f '" + topology + "'");
      story.tell("plan-in-ci", "muster plan -f '" + topology + "' --out changes.json -o markdown");
      // Members are joined side by side, so only the end is the same each time.
      Story.Said joined =
          story.tell(
              "apply-in-ci",
              "muster apply --yes changes.json > apply.log; code=$?; tail -10 apply.log; exit $code");
      assertThat(joined.exit()).as(joined.text()).isZero();
      story.tell("drift-after-apply", "muster drift");

      person(story);
      story.tell("cron", cron(story));
      accept(story);
      story.tell("heal", "muster drift --heal --yes");
      story.tell("plan-after-heal", "muster plan --detailed-exitcode");
      assertThat(tier(fleet, "idc-1")).isEqualTo("gold");
      assertThat(tier(fleet, "idc-2")).isEqualTo("iron");

      rollback(fleet, story, Story.runOf(joined));
      story.tell("blame", "muster blame 'host:Cluster/idc-2:metadata.labels.tier'");
      story.tell("history", "muster history");
      story.tell("show", "muster show");
      story.tell("git-log", "git log --format='%s%n%n%b' muster/acme");
      story.tell("git-log-p", "git log -p -1 --format=%s muster/acme -- live");
      story.tell("fsck", "git fsck --strict --no-progress --no-dangling");
      story.isAsWritten();
    }
  }

  /** Two edits, by the names under which kubectl is told to make them. */
  private static void person(Story story) {
    story.tell(
        "person",
        "kubectl --context host label cluster idc-1 tier=lead --overwrite --field-manager=anna"
            + " && kubectl --context host label cluster idc-2 tier=iron --overwrite"
            + " --field-manager=ben");
  }

  /** The line that goes into a crontab, without its time, as cron gives it to a shell. */
  private static String cron(Story story) {
    Story.Said said =
        story.run("muster schedule --every 15m --as cron --program " + story.bin() + "/muster");
    assertThat(said.exit()).as(said.text()).isZero();
    String line = said.text().lines().filter(each -> each.startsWith("*/15")).findFirst().get();
    return line.replaceFirst("^(\\S+\\s+){5}", "").replace("\\%", "%");
  }

  private static void accept(Story story) {
    story.tell("accept", "muster drift --accept 'host:Cluster/idc-2:metadata.labels.tier'");
    story.tell("commit", "git diff -U0 && git commit -qam 'idc-2 is iron now'");
  }

  private static void rollback(RealFleet fleet, Story story, String run) {
    story.tell("rollback-plan", "muster rollback " + run + " --plan");
    story.tell("rollback", "muster rollback " + run + " --yes");
    assertThat(tier(fleet, "idc-2")).isEqualTo("silver");
    story.tell("plan-after-rollback", "muster plan");
  }

  private static String tier(RealFleet fleet, String member) {
    return fleet.registration(member).at("/metadata/labels/tier").asText();
  }
}
