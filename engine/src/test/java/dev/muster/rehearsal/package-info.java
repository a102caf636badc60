@NullMarked
package dev.muster.rehearsal;

import org.jspecify.annotations.NullMarked;
