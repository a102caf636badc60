/**
 * Sweeps: a change of a fleet is made again and again, and each time another one of its requests
 * meets a fault. Entry points are the classes ending in {@code IT}; see the README of the module.
 */
@NullMarked
package dev.muster.testbed.sweep;

import org.jspecify.annotations.NullMarked;
