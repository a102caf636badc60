@NullMarked
package dev.muster.sandbox.controller.env;

import org.jspecify.annotations.NullMarked;
