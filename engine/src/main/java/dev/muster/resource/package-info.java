/**
 * What a Kubernetes object is to muster: a reference, a tree, paths into it and the fields that
 * somebody declares. Refuses to know clusters, files and how differences are found. Entry points:
 * {@link dev.muster.resource.ObjectRef} and {@link dev.muster.resource.Declared}.
 */
@NullMarked
package dev.muster.resource;

import org.jspecify.annotations.NullMarked;
