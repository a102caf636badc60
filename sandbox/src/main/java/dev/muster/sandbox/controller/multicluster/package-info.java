/**
 * The simulated programs of a host and its members: Tower, the cluster controller, ks-apiserver's
 * agent manifest, the agents.
 *
 * <p>It refuses to know which server answers and how an address leads to Tower; both come from
 * outside.
 *
 * <p>Entry points: {@link dev.muster.sandbox.controller.multicluster.Tower} and {@link
 * dev.muster.sandbox.controller.multicluster.ClusterController}.
 */
@NullMarked
package dev.muster.sandbox.controller.multicluster;

import org.jspecify.annotations.NullMarked;
