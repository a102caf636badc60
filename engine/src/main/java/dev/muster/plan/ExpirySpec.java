package dev.muster.plan;

import dev.muster.expression.Template;

/**
 * Something that runs out.
 *
 * @param ofHost whether it is the host's; else every member has one
 * @param title what it is
 * @param at when, as RFC 3339 writes it; nothing runs out where it has no value
 * @param next what a person does about it
 */
public record ExpirySpec(boolean ofHost, String title, Template at, Template next) {}
