/**
 * What the controllers of every release know of a Cluster object: its fields, and how a kubeconfig
 * in it leads to a cluster.
 *
 * <p>It refuses to know what any release does with them.
 *
 * <p>Entry points: {@link dev.muster.sandbox.controller.cluster.ClusterObject} and {@link
 * dev.muster.sandbox.controller.cluster.DirectAccess}.
 */
@NullMarked
package dev.muster.sandbox.controller.cluster;

import org.jspecify.annotations.NullMarked;
