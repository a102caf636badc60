/**
 * What can be known of a kubeconfig, a certificate or a token without using it: whom it leads to,
 * whether it works elsewhere, when it runs out. Pure; refuses to know where a text comes from, what
 * time it is, and never repeats a secret. Entry points: {@link
 * dev.muster.credential.KubeconfigFacts} and {@link dev.muster.credential.Expiry}.
 */
@NullMarked
package dev.muster.credential;

import org.jspecify.annotations.NullMarked;
