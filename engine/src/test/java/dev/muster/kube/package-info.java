@NullMarked
package dev.muster.kube;

import org.jspecify.annotations.NullMarked;
