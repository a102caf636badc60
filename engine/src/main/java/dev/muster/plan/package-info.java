/**
 * Reads and compiles a plan file: objects, facts, gates and steps, their expressions checked and
 * their order inferred. Refuses to know any cluster or any managed system. Entry points: {@link
 * dev.muster.plan.PlanReader} and {@link dev.muster.plan.Plan#expand}.
 */
@NullMarked
package dev.muster.plan;

import org.jspecify.annotations.NullMarked;
