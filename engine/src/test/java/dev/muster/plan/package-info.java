@NullMarked
package dev.muster.plan;

import org.jspecify.annotations.NullMarked;
