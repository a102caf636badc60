@NullMarked
package dev.muster.graph;

import org.jspecify.annotations.NullMarked;
