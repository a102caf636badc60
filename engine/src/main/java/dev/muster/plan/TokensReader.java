package dev.muster.plan;

import dev.muster.expression.Template;
import dev.muster.topology.Durations;
import dev.muster.yaml.YamlNode;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Reads the tokens of a plan file. */
final class TokensReader {
  /** No API server issues one for less. */
  private static final Duration SHORTEST = Duration.ofMinutes(10);

  private final Scribe host;
  private final Map<String, ObjectSpec> objects;

  TokensReader(Scribe host, Map<String, ObjectSpec> objects) {
    this.host = host;
    this.objects = objects;
  }

  Map<String, TokenSpec> read(Optional<YamlNode> section) {
    Map<String, TokenSpec> tokens = new LinkedHashMap<>();
    Scribe.entries(section, (key, node) -> tokens.put(key.text(), token(key, node)));
    return tokens;
  }

  private TokenSpec token(YamlNode.Scalar key, YamlNode node) {
    TokenSpec token =
        new TokenSpec(
            key.text(),
            ObjectsReader.on(node),
            Scribe.needed(node, "account"),
            host.template(node, "duration"),
            host.template(node, "renew"),
            Scribe.texts(node, "audiences"),
            key.where());
    account(token, node.child("account").orElse(node));
    Optional<Duration> duration = constant(token.duration());
    Optional<Duration> renew = constant(token.renew());
    duration
        .filter(d -> d.compareTo(SHORTEST) < 0)
        .ifPresent(
            d ->
                host.problems()
                    .error(
                        token.duration().where(),
                        "no API server issues a token for less than 10m",
                        "give it a longer duration"));
    if (duration.isPresent() && renew.filter(r -> r.compareTo(duration.get()) >= 0).isPresent()) {
      host.problems()
          .error(
              token.renew().where(),
              "a token of " + key.text() + " would have to be renewed as soon as it is issued",
              "renew is what a token must have left, so it is less than the duration");
    }
    return token;
  }

  private void account(TokenSpec token, YamlNode written) {
    ObjectSpec object = objects.get(token.account());
    boolean fits =
        object != null
            && object.source() instanceof ObjectSource.One one
            && one.pattern().apiVersion().equals("v1")
            && one.pattern().kind().equals("ServiceAccount")
            && !one.elsewhere()
            && !object.perMember()
            && (!token.ofHost() || object.on() != On.MEMBER)
            && (!token.ofMember() || object.on() != On.HOST);
    if (!fits) {
      host.problems()
          .error(
              written.where(),
              object == null
                  ? "there is no object \"" + token.account() + "\""
                  : "\""
                      + token.account()
                      + "\" is no ServiceAccount of the cluster that issues the token",
              "name an object with a ref v1/ServiceAccount/NAMESPACE/NAME, on the same clusters");
    }
  }

  private static Optional<Duration> constant(Template template) {
    return template.constant() ? Durations.parse(template.source()) : Optional.empty();
  }
}
