package dev.muster.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.problem.MusterException;
import dev.muster.problem.Problem;
import dev.muster.problem.Problems;
import dev.muster.problem.Where;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * One word of a file to be written anew: a key or a value, with or without quotes. Every other byte
 * stays.
 *
 * @param where it begins
 */
public record TokenEdit(Where where, String before, String now) {
  /**
   * A text that was edited.
   *
   * @param edits how many words are others now
   */
  public record Edited(String text, int edits) {}

  /**
   * Makes all edits of a text.
   *
   * @param wanted what the edited text has to read as
   * @throws MusterException when a word is not where it is said to be, or when the text then reads
   *     as something else
   */
  public static Edited apply(String text, List<TokenEdit> edits, JsonNode wanted) {
    SourceText source = new SourceText("", text);
    Splice splice = new Splice(text);
    // What an alias stands for is written once.
    Set<Integer> done = new LinkedHashSet<>();
    for (TokenEdit edit : edits) {
      int start = source.offset(edit.where().line(), edit.where().column());
      if (start < text.length() && "\"'".indexOf(text.charAt(start)) >= 0) {
        start++;
      }
      if (!text.startsWith(edit.before(), start)) {
        throw notSo(edit.where(), edit.before() + " is written in an unusual way here");
      }
      if (done.add(start)) {
        splice.replace(start, start + edit.before().length(), edit.now());
      }
    }
    String edited = splice.apply();
    Problems problems = new Problems();
    boolean same =
        YamlReader.read("", edited, problems).map(node -> node.json().equals(wanted)).orElse(false);
    if (!same || problems.hasErrors()) {
      throw notSo(
          edits.isEmpty() ? Where.nowhere() : edits.get(0).where(),
          "the text cannot be edited without changing something else");
    }
    return new Edited(edited, done.size());
  }

  private static MusterException notSo(Where where, String why) {
    return new MusterException(Problem.error(where, why, "edit it by hand"));
  }
}
