package dev.muster.desired;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.muster.expression.Environment;
import dev.muster.live.Failure;
import dev.muster.plan.ObjectSource;
import dev.muster.plan.ObjectSpec;
import dev.muster.plan.On;
import dev.muster.problem.Problems;
import dev.muster.resource.FieldRules;
import dev.muster.topology.ClusterDeclaration;
import dev.muster.topology.SecretInput;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A value that a topology names as a key of a Secret on the host: an object like any other. */
final class HostSecret {
  private HostSecret() {}

  /** What has to be read for it. */
  static Need need(ClusterDeclaration host, SecretInput.OnHost input) {
    ObjectSource source =
        new ObjectSource.One(
            input.secret().withName(""),
            Environment.builder()
                .build()
                .compile(input.secret().name(), host.where(), new Problems())
                .orElseThrow(),
            Optional.empty(),
            Optional.empty());
    ObjectSpec object =
        new ObjectSpec(
            input.secret().toString(),
            On.HOST,
            false,
            false,
            source,
            new FieldRules(Map.of(), List.of("data"), Map.of()),
            Map.of(),
            host.where());
    return new Need(host, object, Optional.empty());
  }

  /** The value, or why there is none. */
  static Lookup value(ClusterDeclaration host, SecretInput.OnHost input, World world) {
    Lookup secret = world.object(need(host, input));
    if (secret instanceof Lookup.Unreadable) {
      return secret;
    }
    if (!(secret instanceof Lookup.Present present)) {
      return nothing("there is no " + input.secret());
    }
    String encoded = present.value().path("data").path(input.key()).asText();
    if (encoded.isEmpty()) {
      return nothing(input.secret() + " has nothing under the key " + input.key());
    }
    try {
      byte[] bytes = Base64.getDecoder().decode(encoded);
      return new Lookup.Present(
          TextNode.valueOf(new String(bytes, StandardCharsets.UTF_8).replaceAll("[\\r\\n]+$", "")));
    } catch (IllegalArgumentException e) {
      return nothing("what " + input.secret() + " has under " + input.key() + " is not base64");
    }
  }

  private static Lookup nothing(String why) {
    return new Lookup.Unreadable(new Failure(Failure.Kind.NOT_FOUND, why));
  }
}
