package dev.muster.plan;

import dev.muster.expression.Template;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * How the members that are registered on the host are found. Its expressions see one of them as
 * {@code item}.
 *
 * @param list name of the object of the host that lists them
 * @param counts whether an item is a member; the host itself may be on the list
 * @param name the member's name on the host
 * @param uid where the host shows the member's kube-system UID, tried in order; these see the
 *     member as {@code member} too, of which nothing but its name is known
 * @param intake what a topology says of a fleet that exists; empty when that cannot be told
 */
public record RosterSpec(
    String list, Template counts, Template name, List<Template> uid, Optional<Intake> intake) {
  public RosterSpec {
    Objects.requireNonNull(list, "list");
    uid = List.copyOf(uid);
  }

  /**
   * What of a topology follows from the live objects.
   *
   * @param host of the host's keys
   * @param member of each member's keys
   */
  public record Intake(Part host, Part member) {}

  /**
   * The keys of one cluster.
   *
   * @param fields a key whose expression has no value is left out
   * @param files secrets that the topology names as files, by the key that names them; written out
   *     only for those who ask for it
   * @param notes what is to be told people about it
   */
  public record Part(
      DeclaredTemplate.Fields fields, Map<String, SecretFile> files, List<Note> notes) {
    public Part {
      files = Collections.unmodifiableMap(new LinkedHashMap<>(files));
      notes = List.copyOf(notes);
    }

    /** All its expressions. */
    public List<Template> templates() {
      List<Template> all = new ArrayList<>(fields.templates());
      files.values().forEach(file -> all.add(file.content()));
      notes.forEach(note -> all.addAll(List.of(note.when(), note.text())));
      return all;
    }
  }

  /**
   * A secret that a topology does not hold.
   *
   * @param what it is, for people
   */
  public record SecretFile(Template content, String what) {}

  /** A sentence for people, where it applies. */
  public record Note(Template when, Template text) {}
}
