package dev.muster.topology;

import java.util.Objects;
import java.util.Optional;

/** Where a topology says that its plan is. */
public sealed interface PlanSource {
  /** As it may be shown and recorded. */
  String shown();

  /** What the plan is pinned to, when it is. */
  Optional<String> digest();

  /** A built-in plan's name, or a path next to the topology. */
  record Named(String name) implements PlanSource {
    public Named {
      Objects.requireNonNull(name, "name");
    }

    @Override
    public String shown() {
      return name;
    }

    @Override
    public Optional<String> digest() {
      return Optional.empty();
    }
  }

  /** A path next to the topology, with what the file there has to be. */
  record At(String path, Optional<String> digest) implements PlanSource {
    @Override
    public String shown() {
      return path;
    }
  }

  /**
   * A file of a git repository.
   *
   * @param revision a branch, a tag or a commit
   */
  record Git(String url, String revision, String path, Optional<String> digest)
      implements PlanSource {
    @Override
    public String shown() {
      return "git " + url + " " + path + " at " + revision;
    }
  }

  /** An artifact of a registry; its digest is that of its manifest. */
  record Oci(String image, Optional<String> digest) implements PlanSource {
    @Override
    public String shown() {
      return "oci " + image;
    }
  }
}
