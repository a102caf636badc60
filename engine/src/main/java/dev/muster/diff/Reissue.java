package dev.muster.diff;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.credential.AccountToken;
import dev.muster.resource.Declared;
import dev.muster.topology.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Whether a token that is there is still the one that is wanted, and in words why not. */
final class Reissue {
  private Reissue() {}

  /** Why a live value has to be replaced; empty when it is kept. */
  static Optional<String> why(Declared.Issued wanted, JsonNode live) {
    if (!Whole.isThere(live)) {
      return Optional.of("there is none yet");
    }
    Optional<AccountToken> read =
        live.isTextual() ? AccountToken.read(live.asText()) : Optional.empty();
    if (read.isEmpty()) {
      return Optional.of("what is there is no token that says whose it is");
    }
    AccountToken token = read.get();
    String subject = AccountToken.subject(wanted.account().namespace(), wanted.account().name());
    if (!token.subject().equals(subject)) {
      return Optional.of("the one that is there is another account's");
    }
    if (!token.uid().isEmpty() && !token.uid().equals(wanted.uid())) {
      return Optional.of(
          wanted.uid().isEmpty() ? "its account is not there" : "its account was made anew");
    }
    return expiring(wanted, token);
  }

  private static Optional<String> expiring(Declared.Issued wanted, AccountToken token) {
    if (token.expires().isEmpty() || wanted.now().isEmpty()) {
      return Optional.empty();
    }
    Instant end = token.expires().get();
    boolean good = wanted.now().get().plus(renewal(wanted, token)).isBefore(end);
    if (good) {
      return Optional.empty();
    }
    return Optional.of(
        (wanted.now().get().isBefore(end) ? "it expires at " : "it expired at ") + end);
  }

  /** A server may grant less time than it is asked for; then less has to be left as well. */
  private static Duration renewal(Declared.Issued wanted, AccountToken token) {
    Optional<Duration> granted =
        token.issued().map(from -> Duration.between(from, token.expires().orElse(from)));
    if (granted.isEmpty() || granted.get().compareTo(wanted.duration()) >= 0) {
      return wanted.renew();
    }
    double share = (double) wanted.renew().toSeconds() / wanted.duration().toSeconds();
    return Duration.ofSeconds((long) (granted.get().toSeconds() * share));
  }

  /** In one line: who will issue it, for whom, how long and why. */
  static String words(Declared.Issued wanted, JsonNode live) {
    return "issued by "
        + wanted.cluster()
        + " when written, for "
        + wanted.account()
        + ", "
        + Durations.text(wanted.duration())
        + why(wanted, live).map(why -> ": " + why).orElse("");
  }
}
