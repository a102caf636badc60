@NullMarked
package dev.muster.desired;

import org.jspecify.annotations.NullMarked;
