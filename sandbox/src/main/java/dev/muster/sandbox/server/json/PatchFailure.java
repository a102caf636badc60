package dev.muster.sandbox.server.json;

/** A patch that is not well formed, or that does not fit the document. */
public final class PatchFailure extends Exception {
  private final boolean malformed;

  private PatchFailure(boolean malformed, String message) {
    super(message);
    this.malformed = malformed;
  }

  static PatchFailure malformed(String message) {
    return new PatchFailure(true, message);
  }

  static PatchFailure unfit(String message) {
    return new PatchFailure(false, message);
  }

  /** True when no document could take this patch. */
  public boolean isMalformed() {
    return malformed;
  }
}
