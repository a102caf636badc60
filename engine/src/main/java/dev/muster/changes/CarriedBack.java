package dev.muster.changes;

import java.time.Instant;
import java.util.Optional;

/**
 * What came back from a member that is reached by courier, besides its objects.
 *
 * @param at when it was seen
 * @param inventory what is to be remembered of it
 */
public record CarriedBack(Instant at, Optional<InventoryEntry> inventory) {}
