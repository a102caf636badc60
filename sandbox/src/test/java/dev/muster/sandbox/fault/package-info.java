/** The proxy that loses, spoils, delays and forges answers does each of these as it says. */
@org.jspecify.annotations.NullMarked
package dev.muster.sandbox.fault;
