@NullMarked
package dev.muster.sandbox.command;

import org.jspecify.annotations.NullMarked;
