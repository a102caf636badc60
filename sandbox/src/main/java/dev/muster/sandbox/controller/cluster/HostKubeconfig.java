package dev.muster.sandbox.controller.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.sandbox.controller.env.Manifest;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;

/**
 * A kubeconfig as the host's programs read it out of a Cluster object: the current context and
 * nothing but inline data, since files and programs of whoever wrote it are not there.
 *
 * @param authority the certificates to trust, as PEM text
 * @param insecure whether any server certificate is believed
 * @param notAfter when the client certificate runs out; empty when there is no certificate
 */
public record HostKubeconfig(
    String server,
    Optional<String> authority,
    boolean insecure,
    Optional<String> token,
    Optional<Instant> notAfter) {
  private static final DateTimeFormatter GO_TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss '+0000 UTC'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  /** Why a text is no kubeconfig, in the words of client-go. */
  public static final class Unreadable extends Exception {
    private static final long serialVersionUID = 1L;

    public Unreadable(String message) {
      super(message);
    }
  }

  /** Reads the value of spec.connection.kubeconfig. */
  public static HostKubeconfig of(String base64) throws Unreadable {
    ObjectNode config;
    try {
      config = Manifest.yaml(decoded(base64));
    } catch (RuntimeException e) {
      throw new Unreadable("couldn't get version/kind; json parse error");
    }
    String current = config.path("current-context").asText();
    JsonNode context = named(config.path("contexts"), current).path("context");
    if (context.isMissingNode()) {
      throw new Unreadable(
          current.isEmpty()
              ? "invalid configuration: no configuration has been provided"
              : "invalid configuration: context was not found for specified context: " + current);
    }
    JsonNode cluster =
        named(config.path("clusters"), context.path("cluster").asText()).path("cluster");
    JsonNode user = named(config.path("users"), context.path("user").asText()).path("user");
    String server = cluster.path("server").asText().replaceAll("/+$", "");
    if (server.isEmpty()) {
      throw new Unreadable("invalid configuration: no server found for cluster");
    }
    return new HostKubeconfig(
        server,
        text(cluster, "certificate-authority-data").map(HostKubeconfig::decoded),
        cluster.path("insecure-skip-tls-verify").asBoolean(),
        text(user, "token"),
        notAfter(user));
  }

  private static Optional<Instant> notAfter(JsonNode user) throws Unreadable {
    Optional<String> data = text(user, "client-certificate-data");
    if (data.isEmpty()) {
      return Optional.empty();
    }
    try {
      byte[] pem = Base64.getDecoder().decode(data.get());
      X509Certificate certificate =
          (X509Certificate)
              CertificateFactory.getInstance("X.509")
                  .generateCertificate(new ByteArrayInputStream(pem));
      return Optional.of(certificate.getNotAfter().toInstant());
    } catch (CertificateException | IllegalArgumentException e) {
      throw new Unreadable("tls: failed to find any PEM data in certificate input");
    }
  }

  /** Whether it says who asks. */
  public boolean identifies() {
    return token.isPresent() || notAfter.isPresent();
  }

  /** A moment as Go prints it. */
  public static String goTime(Instant moment) {
    return GO_TIME.format(moment);
  }

  /**
   * The text of a kubeconfig that the host can use.
   *
   * @param authority PEM text, for https
   * @param certificate PEM texts of a client certificate and its key, each or both empty for none
   */
  public static String text(
      URI server, Optional<String> authority, String token, String certificate, String key) {
    StringBuilder text = new StringBuilder("apiVersion: v1\nkind: Config\nclusters:\n");
    text.append("- name: member\n  cluster:\n    server: ").append(server).append('\n');
    authority.ifPresent(pem -> line(text, "certificate-authority-data", encoded(pem)));
    text.append("contexts:\n- name: member\n  context:\n    cluster: member\n    user: host\n");
    text.append("current-context: member\nusers:\n- name: host\n  user:\n");
    if (!token.isEmpty()) {
      line(text, "token", token);
    }
    if (!certificate.isEmpty()) {
      line(text, "client-certificate-data", encoded(certificate));
      line(text, "client-key-data", encoded(key));
    }
    return text.toString();
  }

  private static void line(StringBuilder text, String key, String value) {
    text.append("    ").append(key).append(": ").append(value).append('\n');
  }

  private static Optional<String> text(JsonNode holder, String field) {
    return Optional.of(holder.path(field).asText()).filter(text -> !text.isEmpty());
  }

  private static JsonNode named(JsonNode list, String name) {
    for (JsonNode entry : list) {
      if (!name.isEmpty() && entry.path("name").asText().equals(name)) {
        return entry;
      }
    }
    return MissingNode.getInstance();
  }

  private static String encoded(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String decoded(String base64) {
    return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
  }
}
