/**
 * What a simulated API server knows of each kind of object: names, printer columns, schema,
 * defaults and rules. It refuses to know where objects are kept and who asks for them. Entry points
 * are {@link dev.muster.sandbox.server.kind.KindInfo} and {@link
 * dev.muster.sandbox.server.kind.Kinds}.
 */
@NullMarked
package dev.muster.sandbox.server.kind;

import org.jspecify.annotations.NullMarked;
