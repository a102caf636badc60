/**
 * muster for Java programs: validate, plan, apply and drift as the command line does them, without
 * a terminal. Refuses to print, to ask and to know of exit codes. Entry point: {@link
 * dev.muster.api.Muster}.
 *
 * <pre>{@code
 * Muster muster = Muster.of(Path.of("topology.yaml"));
 * try (Planned planned = muster.plan()) {
 *   System.out.print(planned.text());
 *   if (planned.changeSet().hasWork()) {
 *     RunResult result = planned.apply(event -> log(event));
 *   }
 * }
 * }</pre>
 */
@NullMarked
package dev.muster.api;

import org.jspecify.annotations.NullMarked;
