package dev.muster.fetch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.muster.bound.BoundedFile;
import dev.muster.bound.Bounds;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/** Logins as docker keeps them: in its {@code config.json}, or with a helper that it names. */
public final class DockerLogins {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Map<String, String> environment;
  private final Helper helper;

  /** A program that knows logins. */
  public interface Helper {
    /** What it answers when it is asked for the login of a server; empty when it fails. */
    Optional<String> ask(String program, String server);
  }

  /** A login; its text is never shown. */
  record Login(String user, String password) {
    String basic() {
      String both = user + ":" + password;
      return "Basic " + Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
      return "a login";
    }
  }

  public DockerLogins(Map<String, String> environment, Helper helper) {
    this.environment = Map.copyOf(environment);
    this.helper = helper;
  }

  /** The login of a registry, if there is one. */
  Optional<Login> of(String registry) {
    JsonNode config = config();
    String own = config.path("credHelpers").path(registry).asText();
    String program = own.isEmpty() ? config.path("credsStore").asText() : own;
    Optional<Login> helped =
        program.matches("[A-Za-z0-9_-]+") ? helped(program, registry) : Optional.empty();
    return helped.or(() -> written(config.path("auths").path(registry)));
  }

  private Optional<Login> helped(String program, String registry) {
    return helper
        .ask("docker-credential-" + program, registry)
        .map(DockerLogins::tree)
        .flatMap(answer -> login(answer.path("Username").asText(), answer.path("Secret").asText()));
  }

  private static Optional<Login> written(JsonNode auth) {
    try {
      String both =
          new String(
              Base64.getDecoder().decode(auth.path("auth").asText().strip()),
              StandardCharsets.UTF_8);
      int colon = both.indexOf(':');
      return colon < 0
          ? login(auth.path("username").asText(), auth.path("password").asText())
          : login(both.substring(0, colon), both.substring(colon + 1));
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // broken; the registry then says what it misses
    }
  }

  /** A user in angle brackets stands for an identity token, which takes another way. */
  private static Optional<Login> login(String user, String password) {
    return user.isEmpty() || user.startsWith("<") || password.isEmpty()
        ? Optional.empty()
        : Optional.of(new Login(user, password));
  }

  private JsonNode config() {
    String folder = environment.getOrDefault("DOCKER_CONFIG", "");
    String home = environment.getOrDefault("HOME", "");
    if (folder.isEmpty() && home.isEmpty()) {
      return MissingNode.getInstance();
    }
    Path file =
        (folder.isEmpty() ? Path.of(home, ".docker") : Path.of(folder)).resolve("config.json");
    try {
      return tree(BoundedFile.text(file, Bounds.CREDENTIAL));
    } catch (IOException e) {
      return MissingNode.getInstance();
    }
  }

  private static JsonNode tree(String text) {
    try {
      JsonNode tree = JSON.readTree(text);
      return tree == null ? MissingNode.getInstance() : tree;
    } catch (JsonProcessingException e) {
      return MissingNode.getInstance();
    }
  }
}
