package dev.muster.session;

import dev.muster.changes.InventoryEntry;
import dev.muster.courier.Bundle;
import dev.muster.courier.Receipt;
import dev.muster.courier.Recording;
import dev.muster.courier.Seal;
import dev.muster.problem.MusterException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;

/**
 * The receipt of a bundle where it is applied. It is there before the first write and says at each
 * moment what has to be remembered of the member, so that a run that is killed and done again, or
 * given up, loses nothing of it.
 */
public final class SiteReceipt {
  private final Path place;
  private final Bundle bundle;
  private final Seal seal;
  private final Optional<InventoryEntry> remembered;
  private Optional<Recording> before = Optional.empty();

  /**
   * @throws MusterException when something else is in its place
   */
  public SiteReceipt(Path place, Bundle bundle, Seal seal) {
    this.place = place;
    this.bundle = bundle;
    this.seal = seal;
    this.remembered = earlier().or(bundle::inventory);
  }

  /** What an earlier run wrote that the maker of the bundle cannot know of. */
  private Optional<InventoryEntry> earlier() {
    if (!Files.exists(place)) {
      return Optional.empty();
    }
    String text = Loader.read(place, "receipt");
    if (!Seal.isSealed(text)) {
      throw MusterException.of(
          "the receipt would replace " + place + ", which is no receipt",
          "name another place: --receipt-to FILE");
    }
    Receipt receipt = Receipt.open(place.toString(), text, seal);
    boolean same =
        receipt.member().equals(bundle.member()) && receipt.topology().equals(bundle.topology());
    boolean later = receipt.bundle().equals(bundle.id()) || receipt.made().isAfter(bundle.made());
    return same && later ? receipt.inventory() : Optional.empty();
  }

  Path place() {
    return place;
  }

  /** What is remembered of the member when the run begins. */
  public Optional<InventoryEntry> remembered() {
    return remembered;
  }

  /** Before the first write. */
  public void begin(Recording state) {
    before = Optional.of(state);
    write(Map.of(), state, remembered);
  }

  /** Before a step writes, and after it. */
  public void remember(Optional<InventoryEntry> entry) {
    before.ifPresent(state -> write(Map.of(), state, entry));
  }

  public void end(Map<String, String> steps, Recording state, Optional<InventoryEntry> entry) {
    write(steps, state, entry);
  }

  private void write(
      Map<String, String> steps, Recording state, Optional<InventoryEntry> inventory) {
    Receipt receipt =
        new Receipt(
            bundle.id(),
            bundle.topology(),
            bundle.member(),
            Instant.now().truncatedTo(ChronoUnit.MILLIS),
            steps,
            state,
            inventory);
    WholeFile.secret(place, receipt.sealed(seal));
  }
}
