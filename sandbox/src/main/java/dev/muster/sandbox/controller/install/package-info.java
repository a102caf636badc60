/**
 * The simulated installer: its runs, the migration of its configuration object, the text it renders
 * and what it logs.
 *
 * <p>It refuses to know Tower's and the cluster controller's work, and anything of other clusters.
 *
 * <p>Entry point: {@link dev.muster.sandbox.controller.install.Installer}.
 */
@NullMarked
package dev.muster.sandbox.controller.install;

import org.jspecify.annotations.NullMarked;
