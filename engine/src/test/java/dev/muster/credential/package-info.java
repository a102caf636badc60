@NullMarked
package dev.muster.credential;

import org.jspecify.annotations.NullMarked;
