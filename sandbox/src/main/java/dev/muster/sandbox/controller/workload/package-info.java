/**
 * What a bare API server lacks: pods for Deployments with their status, addresses for load
 * balancers, and programs that run in the pods.
 *
 * <p>It refuses to know what the programs do; it only starts and stops them with their pods.
 *
 * <p>Entry point: {@link dev.muster.sandbox.controller.workload.Workloads}.
 */
@NullMarked
package dev.muster.sandbox.controller.workload;

import org.jspecify.annotations.NullMarked;
