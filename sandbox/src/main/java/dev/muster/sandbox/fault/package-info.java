/**
 * Faults on the way to API servers: a proxy that loses, spoils, delays and forges answers by rule.
 *
 * <p>It stands before the sandbox's clusters and before real kube-apiservers alike.
 */
@org.jspecify.annotations.NullMarked
package dev.muster.sandbox.fault;
