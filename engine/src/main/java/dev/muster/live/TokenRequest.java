package dev.muster.live;

import dev.muster.resource.ObjectRef;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * What is asked for when a ServiceAccount is to have a token.
 *
 * @param duration how long it is to be good; a server may grant less
 * @param audiences for whom it is; empty for the API server itself
 */
public record TokenRequest(ObjectRef account, Duration duration, List<String> audiences) {
  public TokenRequest {
    Objects.requireNonNull(account, "account");
    Objects.requireNonNull(duration, "duration");
    audiences = List.copyOf(audiences);
  }
}
