package dev.muster.testbed;

import org.assertj.core.api.AbstractAssert;
import org.jspecify.annotations.Nullable;

/** Claims about a finished call of muster; a failed one shows all that it said. */
final class MusterAssert extends AbstractAssert<MusterAssert, Muster.Result> {
  private MusterAssert(Muster.@Nullable Result actual) {
    super(actual, MusterAssert.class);
  }

  static MusterAssert assertThat(Muster.Result actual) {
    return new MusterAssert(actual);
  }

  MusterAssert exitsWith(int code) {
    if (actual.exit() != code) {
      failWithMessage("expected exit code %s, but %s", code, actual);
    }
    return this;
  }

  /** Each text stands in stdout or stderr. */
  MusterAssert says(String... texts) {
    for (String text : texts) {
      if (!actual.out().contains(text) && !actual.err().contains(text)) {
        failWithMessage("expected it to say <%s>, but %s", text, actual);
      }
    }
    return this;
  }
}
