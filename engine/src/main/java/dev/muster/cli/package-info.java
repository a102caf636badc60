/**
 * The command line: parses, calls the engine, renders and returns an exit code. Refuses to decide
 * anything about clusters. Entry point: {@link dev.muster.cli.Main}.
 */
@NullMarked
package dev.muster.cli;

import org.jspecify.annotations.NullMarked;
