package dev.muster.history;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.muster.problem.MusterException;
import java.io.IOException;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.dircache.DirCacheBuilder;
import org.eclipse.jgit.dircache.DirCacheEntry;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.treewalk.TreeWalk;

/** The files of a run as a git tree, and back. */
final class Trees {
  /** More than a run ever writes; a blob beyond it was put there by somebody else. */
  private static final int LARGEST_FILE = 64 << 20;

  /**
   * A leading dot covers {@code .}, {@code ..} and all that git gives a meaning; a tilde covers the
   * short names by which Windows knows these. Invisible characters are ignored by some file
   * systems.
   */
  private static final Pattern SEGMENT =
      Pattern.compile("[^./\\\\~\\p{Cntrl}\\p{Cf}][^/\\\\~\\p{Cntrl}\\p{Cf}]*");

  private Trees() {}

  /** Refuses files that a checkout could not hold, or that would reach outside of it. */
  static void check(Map<String, String> files) {
    for (String path : files.keySet()) {
      for (String segment : path.split("/", -1)) {
        if (!SEGMENT.matcher(segment).matches()) {
          throw refused(path, "each part of it must be a plain name");
        }
      }
      for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
        if (files.containsKey(path.substring(0, slash))) {
          throw refused(path, "a file of the same run stands where it needs a folder");
        }
      }
    }
  }

  private static MusterException refused(String path, String why) {
    return MusterException.of(
        "the history cannot hold the path \"" + Message.line(path) + "\": " + why);
  }

  static ObjectId write(ObjectInserter inserter, Map<String, String> files) throws IOException {
    DirCache cache = DirCache.newInCore();
    DirCacheBuilder builder = cache.builder();
    for (Map.Entry<String, String> file : files.entrySet()) {
      DirCacheEntry entry = new DirCacheEntry(file.getKey());
      entry.setFileMode(FileMode.REGULAR_FILE);
      entry.setObjectId(inserter.insert(Constants.OBJ_BLOB, file.getValue().getBytes(UTF_8)));
      builder.add(entry);
    }
    builder.finish();
    return cache.writeTree(inserter);
  }

  static Map<String, String> read(ObjectReader reader, ObjectId tree) throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (TreeWalk walk = new TreeWalk(reader)) {
      walk.addTree(tree);
      walk.setRecursive(true);
      while (walk.next()) {
        if ((walk.getRawMode(0) & FileMode.TYPE_MASK) == FileMode.TYPE_FILE) {
          files.put(walk.getPathString(), text(reader, walk.getObjectId(0)));
        }
      }
    }
    return Collections.unmodifiableMap(files);
  }

  static Map<String, String> paths(ObjectReader reader, ObjectId tree) throws IOException {
    Map<String, String> paths = new TreeMap<>();
    try (TreeWalk walk = new TreeWalk(reader)) {
      walk.addTree(tree);
      walk.setRecursive(true);
      while (walk.next()) {
        if ((walk.getRawMode(0) & FileMode.TYPE_MASK) == FileMode.TYPE_FILE) {
          paths.put(walk.getPathString(), walk.getObjectId(0).name());
        }
      }
    }
    return Collections.unmodifiableMap(paths);
  }

  static Optional<String> read(ObjectReader reader, ObjectId tree, String path) throws IOException {
    if (path.isEmpty()) {
      return Optional.empty();
    }
    try (TreeWalk walk = TreeWalk.forPath(reader, path, tree)) {
      if (walk == null || (walk.getRawMode(0) & FileMode.TYPE_MASK) != FileMode.TYPE_FILE) {
        return Optional.empty();
      }
      return Optional.of(text(reader, walk.getObjectId(0)));
    }
  }

  private static String text(ObjectReader reader, ObjectId blob) throws IOException {
    return new String(reader.open(blob, Constants.OBJ_BLOB).getBytes(LARGEST_FILE), UTF_8);
  }
}
