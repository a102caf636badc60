@NullMarked
package dev.muster.sandbox.client;

import org.jspecify.annotations.NullMarked;
