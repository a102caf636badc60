/**
 * Reads muster's own files into nodes that know their place, edits YAML text of others by splicing
 * only the bytes that change, and writes YAML. Refuses to know what any key means. Entry points:
 * {@link dev.muster.yaml.YamlReader} and {@link dev.muster.yaml.YamlDocument}.
 */
@NullMarked
package dev.muster.yaml;

import org.jspecify.annotations.NullMarked;
