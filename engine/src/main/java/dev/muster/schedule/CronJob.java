package dev.muster.schedule;

import dev.muster.problem.MusterException;
import java.util.ArrayList;
import java.util.List;

/**
 * A CronJob for Kubernetes.
 *
 * @param shards in how many parts the members are looked at; 1 for all at once
 */
public record CronJob(Pod pod, Every every, int shards) {

  /**
   * All objects.
   *
   * @throws MusterException when the topology names files that have no place in a pod
   */
  public String render() {
    return pod.objects("every " + every.text(), notes(), cronJob());
  }

  private List<String> notes() {
    if (shards == 1) {
      return List.of();
    }
    return List.of(
        "#",
        "# Each pod looks at one of " + shards + " parts and prints its report. All together:",
        "#   for i in $(seq 0 " + (shards - 1) + "); do",
        "#     kubectl -n " + pod.namespace() + " logs -l \\",
        "#       job-name=JOB,batch.kubernetes.io/job-completion-index=$i \\",
        "#       --tail=-1 > $i.json",
        "#   done; muster drift merge ?.json");
  }

  private String cronJob() {
    StringBuilder text = new StringBuilder();
    text.append(
        """
        apiVersion: batch/v1
        kind: CronJob
        metadata: {name: %s, namespace: %s}
        spec:
          schedule: "%s"
          concurrencyPolicy: Forbid
          startingDeadlineSeconds: %d
          successfulJobsHistoryLimit: 1
          failedJobsHistoryLimit: 3
          jobTemplate:
            spec:
              backoffLimit: 0
              activeDeadlineSeconds: %d
        """
            .formatted(
                pod.job().name(),
                pod.namespace(),
                every.cron(),
                Math.max(60, every.length().dividedBy(2).toSeconds()),
                pod.job().work().longest().toSeconds()));
    if (shards > 1) {
      text.append(
          """
                completionMode: Indexed
                completions: %d
                parallelism: %d
          """
              .formatted(shards, shards));
    }
    text.append(pod.template("Never", "", command()).indent(6));
    return text.toString();
  }

  /** Another run at work (7) and a cluster that is away (8) are no failures of the Job. */
  private String command() {
    List<String> script = new ArrayList<>();
    if (shards > 1) {
      script.add(
          Shell.words(pod.command())
              + " --shard $((JOB_COMPLETION_INDEX + 1))/"
              + shards
              + " -o json 2>/tmp/err");
      script.add("code=$?");
      script.add("# What differs (2) stands in the report.");
      script.add("case $code in 0|2|8) exit 0;; esac");
      script.add("cat /tmp/err >&2");
    } else {
      script.add(Shell.words(pod.command()));
      script.add("code=$?");
      script.add("case $code in 7|8) exit 0;; esac");
    }
    script.add("exit $code");
    return "command: [/bin/sh, -c]\nargs:\n- |\n" + String.join("\n", script).indent(2);
  }
}
