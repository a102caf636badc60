@NullMarked
package dev.muster.trial;

import org.jspecify.annotations.NullMarked;
