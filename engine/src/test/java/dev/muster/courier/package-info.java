@NullMarked
package dev.muster.courier;

import org.jspecify.annotations.NullMarked;
