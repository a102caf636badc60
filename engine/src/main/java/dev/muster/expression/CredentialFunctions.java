package dev.muster.expression;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.credential.Expiry;
import dev.muster.credential.KubeconfigFacts;
import dev.muster.problem.MusterException;
import dev.muster.yaml.YamlDocument;
import java.util.Optional;
import java.util.Set;

/**
 * Functions that look into credentials. What they give may be shown, although what they are given
 * may not: see {@link #DISCLOSING}.
 */
final class CredentialFunctions {
  /** Functions whose value says nothing of the secrets in their arguments. */
  static final Set<String> DISCLOSING =
      Set.of("kubeconfig", "kubeconfigExpiry", "certificateExpiry", "tokenExpiry", "sameDocument");

  private CredentialFunctions() {}

  /**
   * {@code kubeconfig(string) -> map}: what may be known of a kubeconfig's current context: {@code
   * faults} (a list of texts; empty when it needs nothing of this machine), {@code server}, {@code
   * authority} (PEM in base64), {@code loopback}, {@code certificate} (whether it has one), {@code
   * expires} (a time) and {@code expiring} (what does), both absent when nothing is known to.
   * Example: {@code size(kubeconfig(member.access).faults) == 0}
   */
  static JsonNode kubeconfig(String text) {
    KubeconfigFacts facts = facts(text);
    ObjectNode map = JsonNodeFactory.instance.objectNode();
    facts.faults().forEach(map.putArray("faults")::add);
    map.put("server", facts.server()).put("loopback", facts.loopback());
    map.put("authority", facts.authority());
    map.put("certificate", facts.certificate());
    facts.expiry().ifPresent(e -> map.put("expires", e.at().toString()).put("expiring", e.what()));
    return map;
  }

  /**
   * {@code kubeconfigExpiry(string) -> optional(string)}: when the client certificate or the token
   * of a kubeconfig's current context runs out, the earlier one. Example: {@code
   * kubeconfigExpiry(member.access)}
   */
  static Optional<String> kubeconfigExpiry(String text) {
    return facts(text).expiry().map(expiry -> expiry.at().toString());
  }

  /**
   * {@code certificateExpiry(string) -> optional(string)}: when a certificate runs out (PEM, or PEM
   * in base64; the first of several). Example: {@code certificateExpiry(secret.data['tls.crt'])}
   */
  static Optional<String> certificateExpiry(String text) {
    return Expiry.ofCertificate(text).map(Object::toString);
  }

  /**
   * {@code tokenExpiry(string) -> optional(string)}: when a JSON Web Token runs out, none for other
   * tokens. Example: {@code tokenExpiry(member.token)}
   */
  static Optional<String> tokenExpiry(String text) {
    return Expiry.ofToken(text).map(Object::toString);
  }

  /**
   * {@code sameDocument(string, string) -> bool}: whether two texts hold the same YAML or JSON,
   * however they are laid out; texts that are none are compared as they are. Example: {@code
   * sameDocument(a.data.settings, b.data.settings)}
   */
  static boolean sameDocument(String a, String b) {
    if (a.equals(b)) {
      return true;
    }
    Optional<JsonNode> left = document(a);
    return left.isPresent() && left.equals(document(b));
  }

  private static KubeconfigFacts facts(String text) {
    return document(text)
        .map(KubeconfigFacts::of)
        .orElseGet(() -> KubeconfigFacts.of(MissingNode.getInstance()));
  }

  private static Optional<JsonNode> document(String text) {
    try {
      return Optional.of(YamlDocument.parse(text).json());
    } catch (MusterException e) {
      return Optional.empty();
    }
  }
}
