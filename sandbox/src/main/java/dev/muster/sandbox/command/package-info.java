/**
 * The sandbox as commands of the program: simulated clusters for hands-on use, and the guided tour.
 * Refuses to know how simulated controllers behave. Entry points: {@link
 * dev.muster.sandbox.command.SandboxCommand} and {@link dev.muster.sandbox.command.DemoCommand}.
 */
@NullMarked
package dev.muster.sandbox.command;

import org.jspecify.annotations.NullMarked;
