@NullMarked
package dev.muster.sandbox.controller;

import org.jspecify.annotations.NullMarked;
