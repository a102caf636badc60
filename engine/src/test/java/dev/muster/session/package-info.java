@NullMarked
package dev.muster.session;

import org.jspecify.annotations.NullMarked;
