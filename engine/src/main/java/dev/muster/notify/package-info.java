/**
 * Posting a signed message to a web address. Refuses to know what is in it, and to show the address
 * in full. Entry point: {@link dev.muster.notify.Notifier}.
 */
@NullMarked
package dev.muster.notify;

import org.jspecify.annotations.NullMarked;
