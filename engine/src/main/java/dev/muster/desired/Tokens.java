package dev.muster.desired;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.expression.Outcome;
import dev.muster.expression.Template;
import dev.muster.plan.TokenSpec;
import dev.muster.resource.Declared;
import dev.muster.resource.ObjectRef;
import dev.muster.topology.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** What expressions see of a token that is not issued yet: all that is needed to have it issued. */
final class Tokens {
  private Tokens() {}

  /**
   * The value of {@code member.TOKEN}.
   *
   * @param account where the account is
   * @param live the account, as far as it is known
   * @param clock of the cluster that issues it
   */
  static ObjectNode view(
      TokenSpec spec,
      Need account,
      Lookup live,
      Lookup clock,
      Function<Template, Outcome> evaluation) {
    ObjectRef ref = account.ref();
    ObjectNode view = JsonNodeFactory.instance.objectNode();
    view.put("token", spec.name()).put("cluster", account.cluster().name());
    view.put("namespace", ref.namespace()).put("account", ref.name());
    if (live instanceof Lookup.Present there) {
      view.put("uid", there.value().at("/metadata/uid").asText());
    }
    view.put("duration", text(evaluation.apply(spec.duration())));
    view.put("renew", text(evaluation.apply(spec.renew())));
    spec.audiences().forEach(view.putArray("audiences")::add);
    if (clock instanceof Lookup.Present now) {
      view.put("now", now.value().asText());
    }
    return view;
  }

  private static String text(Outcome outcome) {
    return outcome instanceof Outcome.Value value ? value.value().asText() : "";
  }

  /** The value of a field that is to have the token. */
  static Evaluated issued(JsonNode view) {
    Optional<Duration> duration = Durations.parse(view.path("duration").asText());
    Optional<Duration> renew = Durations.parse(view.path("renew").asText());
    if (duration.isEmpty() || renew.isEmpty() || renew.get().compareTo(duration.get()) >= 0) {
      return new Evaluated.Broken(
          "the token "
              + view.path("token").asText()
              + " needs a duration such as 720h, and less than that for `renew`");
    }
    List<String> audiences = new ArrayList<>();
    view.path("audiences").forEach(audience -> audiences.add(audience.asText()));
    String now = view.path("now").asText();
    return new Evaluated.Issued(
        new Declared.Issued(
            view.path("cluster").asText(),
            ObjectRef.of(
                "v1",
                "ServiceAccount",
                view.path("namespace").asText(),
                view.path("account").asText()),
            view.path("uid").asText(),
            duration.get(),
            renew.get(),
            audiences,
            now.isEmpty() ? Optional.empty() : Optional.of(Instant.parse(now))));
  }
}
