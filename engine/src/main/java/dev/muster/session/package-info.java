/**
 * One topology's work, wired together: its files loaded, its clusters opened, its runs locked,
 * recorded and carried out. Refuses to print and to know of a command line. Entry points: {@link
 * dev.muster.session.Loader} and {@link dev.muster.session.Session}.
 */
@NullMarked
package dev.muster.session;

import org.jspecify.annotations.NullMarked;
