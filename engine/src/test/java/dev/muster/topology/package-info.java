@NullMarked
package dev.muster.topology;

import org.jspecify.annotations.NullMarked;
