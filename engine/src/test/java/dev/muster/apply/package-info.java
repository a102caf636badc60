@NullMarked
package dev.muster.apply;

import org.jspecify.annotations.NullMarked;
