@NullMarked
package dev.muster.notify;

import org.jspecify.annotations.NullMarked;
