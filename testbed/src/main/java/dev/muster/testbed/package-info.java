/**
 * Real kube-apiservers on one etcd, and stand-ins for what a bare API server lacks: a kubelet that
 * has logs, and a network that has pods. It refuses to know what the controllers under test do;
 * those are ordinary API clients that somebody else starts. The entry point is {@link
 * dev.muster.testbed.TestFleet#start}.
 */
@NullMarked
package dev.muster.testbed;

import org.jspecify.annotations.NullMarked;
