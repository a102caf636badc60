/**
 * What is carried to and from a member that the runner cannot reach: sealed files, and clusters
 * that are played from what was recorded of them. It knows no command line and writes to no
 * cluster. Entry points: {@link dev.muster.courier.Seal}, {@link dev.muster.courier.Bundle} and
 * {@link dev.muster.courier.Receipt}.
 */
@NullMarked
package dev.muster.courier;

import org.jspecify.annotations.NullMarked;
