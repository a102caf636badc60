/**
 * KubeSphere 4: the chart ks-core, and the controller of a host that installs it into the clusters
 * whose kubeconfig it is given.
 *
 * <p>It refuses to know of ClusterConfigurations, Tower and federation: there are none any more.
 *
 * <p>Entry points: {@link dev.muster.sandbox.controller.core.CoreChart} and {@link
 * dev.muster.sandbox.controller.core.CoreController}.
 */
@NullMarked
package dev.muster.sandbox.controller.core;

import org.jspecify.annotations.NullMarked;
