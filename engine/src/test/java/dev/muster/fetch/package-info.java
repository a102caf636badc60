@NullMarked
package dev.muster.fetch;

import org.jspecify.annotations.NullMarked;
