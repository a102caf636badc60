@NullMarked
package dev.muster.sandbox.controller.multicluster;

import org.jspecify.annotations.NullMarked;
