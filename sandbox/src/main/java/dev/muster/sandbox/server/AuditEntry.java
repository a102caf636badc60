package dev.muster.sandbox.server;

import java.time.Instant;

/** One request of a client, told when its status is decided: a watch is there from its start. */
public record AuditEntry(
    Instant time,
    String cluster,
    String verb,
    String path,
    int status,
    String userAgent,
    boolean dryRun) {}
