package dev.muster.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UnifiedDiffTest {
  @Test
  void showsOneChangedLineBetweenThreeOfEachSide() {
    assertThat(UnifiedDiff.of("t", "1\n2\n3\n4\n5\n6\n7\n8\n", "1\n2\n3\n4\nfive\n6\n7\n8\n"))
        .isEqualTo("--- a/t\n+++ b/t\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n");
  }

  @Test
  void showsAddedAndRemovedLinesAtTheEdges() {
    assertThat(UnifiedDiff.of("t", "", "a\n")).isEqualTo("--- a/t\n+++ b/t\n@@ -0,0 +1 @@\n+a\n");
    assertThat(UnifiedDiff.of("t", "a\nb\n", "b\n"))
        .isEqualTo("--- a/t\n+++ b/t\n@@ -1,2 +1 @@\n-a\n b\n");
  }

  @Test
  void saysThatALineHasNoEnd() {
    assertThat(UnifiedDiff.of("t", "a", "b"))
        .isEqualTo(
            "--- a/t\n+++ b/t\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n"
                + "\\ No newline at end of file\n");
  }

  @Test
  void isEmptyForEqualTexts() {
    assertThat(UnifiedDiff.of("t", "a\n", "a\n")).isEmpty();
  }
}
