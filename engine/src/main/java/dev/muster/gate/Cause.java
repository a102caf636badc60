package dev.muster.gate;

/** Why something does not go on, and what a person does about it. */
public record Cause(String text, String next) {}
