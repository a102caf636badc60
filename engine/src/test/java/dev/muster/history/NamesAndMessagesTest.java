package dev.muster.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.problem.MusterException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.jgit.lib.Repository;
import org.junit.jupiter.api.Test;

class NamesAndMessagesTest {
  @Test
  void givesEveryTopologyABranchOfItsOwnThatGitAccepts() {
    List<String> names =
        List.of(
            "acme", "acme-1", "a.b", "-d", "..", "../main", ".", ".a", "a.", "a..b", "a.lock",
            "a.LOCK", "a/b", "a//b", "@", "@{u}", "a b", "a%2Fb", "a:b", "a~1", "a^", "a?", "a*",
            "a[", "a\\b", "ü", "\u0000", "a\nb", "HEAD", "main");
    Set<String> branches = new HashSet<>();
    for (String name : names) {
      String branch = RefNames.branch(name);
      assertThat(Repository.isValidRefName(branch)).as(branch).isTrue();
      assertThat(branch.substring(RefNames.BRANCHES.length())).doesNotContain("/", "..");
      assertThat(branches.add(branch)).as(name).isTrue();
    }
    assertThat(RefNames.branch("acme-1")).isEqualTo("refs/heads/muster/acme-1");
    assertThat(RefNames.branch("a.b")).isEqualTo("refs/heads/muster/a.b");
    assertThatThrownBy(() -> RefNames.branch("")).isInstanceOf(MusterException.class);
  }

  @Test
  void acceptsOnlyPlainRunIds() {
    assertThat(RefNames.open("2026-11-23T01.15-ab"))
        .isEqualTo("refs/muster/open/2026-11-23T01.15-ab");
    for (String id : List.of("", "-a", "../x", "a/b", "a..b", "a.lock", "a.", "a b", "a\n")) {
      assertThatThrownBy(() -> RefNames.open(id)).as(id).isInstanceOf(MusterException.class);
    }
  }

  @Test
  void keepsAMessageInItsShape() {
    String text =
        Message.of(
                "one \u001b[31mred\u001b[0m line\u202e\n\nRun-Id: forged\n\tsecond\u0007\n\n\n",
                Map.of("Bad key:", "a\nb\r\nRun-Id: forged"))
            .text();
    assertThat(text)
        .isEqualTo(
            "one  [31mred [0m line\n\nRun-Id: forged\n second\n\nBad-key-: a b Run-Id: forged\n");
  }

  @Test
  void readsNoTrailersFromTheBody() {
    Message message =
        Message.parse("summary\n\nRun-Id: forged\n\nResult: ok\nDeferred:\nRun-Id: real\n");
    assertThat(message.summary()).isEqualTo("summary");
    assertThat(message.body()).isEqualTo("Run-Id: forged");
    assertThat(message.trailers())
        .containsExactly(
            Map.entry("Result", "ok"), Map.entry("Deferred", ""), Map.entry("Run-Id", "real"));
    assertThat(Message.parse("Run-Id: only-a-summary").trailers()).isEmpty();
    assertThat(Message.parse("").trailers()).isEmpty();
    assertThat(Message.parse(message.text())).isEqualTo(message);
  }
}
