@NullMarked
package dev.muster.gate;

import org.jspecify.annotations.NullMarked;
