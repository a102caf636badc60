/** Clusters whose objects are held and kept current by watches, and given to whoever reads them. */
@NullMarked
package dev.muster.held;

import org.jspecify.annotations.NullMarked;
