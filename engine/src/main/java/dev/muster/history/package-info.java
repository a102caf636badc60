/**
 * Keeps the runs of a topology as commits on a branch of the repository that holds its file, and
 * reads them back. Refuses to know what the files of a run mean, and never touches work tree,
 * index, HEAD, hooks or configuration. Entry point: {@link dev.muster.history.GitHistory}.
 */
@NullMarked
package dev.muster.history;

import org.jspecify.annotations.NullMarked;
