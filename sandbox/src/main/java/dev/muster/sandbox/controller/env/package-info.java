/**
 * What surrounds the simulated programs: the clusters' addresses, versions, speeds, the network
 * between them and the faults to play.
 *
 * <p>It refuses to know what any program does with them, and which server or test sets them.
 *
 * <p>Entry point: {@link dev.muster.sandbox.controller.env.ClusterSetup}.
 */
@NullMarked
package dev.muster.sandbox.controller.env;

import org.jspecify.annotations.NullMarked;
