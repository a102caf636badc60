package dev.muster.sandbox.server.rest;

/** Says what a user may do in one cluster. */
public interface Authorizer {
  /** One thing that somebody wants to do; resource carries the subresource after a slash. */
  record Attempt(String verb, String group, String resource, String namespace, String name) {}

  boolean allows(String user, Attempt attempt);
}
