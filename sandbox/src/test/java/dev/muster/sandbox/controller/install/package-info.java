@NullMarked
package dev.muster.sandbox.controller.install;

import org.jspecify.annotations.NullMarked;
