package dev.muster.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.bound.Bounds;
import dev.muster.kube.Kubeconfig.Entry;
import dev.muster.kube.Login.Pair;
import dev.muster.resource.ForeignText;
import dev.muster.resource.OwnVariables;
import dev.muster.resource.Redactor;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A credential plugin. Run here and not by fabric8, which waits for it without a bound, hides why
 * it failed and then goes on without a credential, so that a failed login would look like missing
 * rights.
 */
final class ExecPlugin implements Login.Credential {
  private static final int LONGEST_COMPLAINT = 300;
  private static final int LARGEST_OUTPUT = 1 << 20;
  private static final List<String> CLUSTER_FIELDS =
      List.of(
          "server",
          "tls-server-name",
          "insecure-skip-tls-verify",
          "proxy-url",
          "disable-compression");

  private final Entry cluster;
  private final Entry user;
  private final Timeouts timeouts;
  private final Map<String, String> environment;
  private @Nullable Given current;

  private record Given(String token, Optional<Pair> certificate, Instant expires) {}

  private ExecPlugin(
      Entry cluster, Entry user, Timeouts timeouts, Map<String, String> environment) {
    this.cluster = cluster;
    this.user = user;
    this.timeouts = timeouts;
    this.environment = Map.copyOf(environment);
  }

  /** One plugin for all contexts that would run it in the same way, so that each logs in once. */
  static final class Cache {
    private final Map<String, ExecPlugin> plugins = new ConcurrentHashMap<>();

    ExecPlugin get(Entry cluster, Entry user, Timeouts timeouts, Map<String, String> environment) {
      ExecPlugin plugin = new ExecPlugin(cluster, user, timeouts, environment);
      JsonNode exec = user.node().path("exec");
      String same = user.folder() + "\n" + exec + "\n" + plugin.request(exec);
      return plugins.computeIfAbsent(same, key -> plugin);
    }
  }

  @Override
  public synchronized Optional<Pair> certificate() {
    return valid().certificate();
  }

  @Override
  public synchronized String authorization() {
    String token = valid().token();
    return token.isEmpty() ? "" : "Bearer " + token;
  }

  @Override
  public synchronized boolean renew() {
    Given before = valid();
    Given after = run();
    current = after;
    return !after.token().equals(before.token())
        || !after.certificate().equals(before.certificate());
  }

  private Given valid() {
    Given given = current;
    if (given == null || given.expires().isBefore(Instant.now())) {
      given = run();
      current = given;
    }
    return given;
  }

  private String command() {
    return user.node().path("exec").path("command").asText();
  }

  private Given run() {
    JsonNode exec = user.node().path("exec");
    String command = command();
    List<String> words = new ArrayList<>();
    words.add(
        command.contains("/") || command.contains(File.separator)
            ? user.folder().resolve(Path.of(command)).toString()
            : command);
    exec.path("args").forEach(argument -> words.add(argument.asText()));
    ProcessBuilder builder = new ProcessBuilder(words);
    builder.environment().clear();
    builder.environment().putAll(environment);
    OwnVariables.withhold(builder.environment());
    for (JsonNode variable : exec.path("env")) {
      builder.environment().put(variable.path("name").asText(), variable.path("value").asText());
    }
    builder.environment().put("KUBERNETES_EXEC_INFO", request(exec).toString());
    builder.redirectInput(Redirect.from(new File("/dev/null")));
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      String hint = exec.path("installHint").asText();
      throw new NoAccess(
          "the credential plugin \"" + command + "\" cannot be started" + clause(hint));
    }
    return credentials(output(process));
  }

  private ObjectNode request(JsonNode exec) {
    ObjectNode info = Reply.JSON.createObjectNode();
    info.put("apiVersion", exec.path("apiVersion").asText());
    info.put("kind", "ExecCredential");
    ObjectNode spec = info.putObject("spec");
    spec.put("interactive", false);
    if (new Entry(exec, user.folder()).flag("provideClusterInfo")) {
      ObjectNode about = spec.putObject("cluster");
      for (String field : CLUSTER_FIELDS) {
        if (cluster.node().has(field)) {
          about.set(
              field,
              field.equals("insecure-skip-tls-verify") || field.equals("disable-compression")
                  ? BooleanNode.valueOf(cluster.flag(field))
                  : cluster.node().get(field));
        }
      }
      String authority = cluster.data("certificate-authority", "certificate authority");
      if (!authority.isEmpty()) {
        about.put("certificate-authority-data", authority);
      }
      for (JsonNode extension : cluster.node().path("extensions")) {
        if (extension.path("name").asText().equals("client.authentication.k8s.io/exec")) {
          about.set("config", extension.path("extension"));
        }
      }
    }
    return info;
  }

  private String output(Process process) {
    CompletableFuture<String> out = reading(process.getInputStream(), "out");
    CompletableFuture<String> err = reading(process.getErrorStream(), "err");
    try {
      if (!process.waitFor(timeouts.request(), TimeUnit.SECONDS)) {
        throw new NoAccess(
            "the credential plugin \"%s\" did not end within %d s"
                .formatted(command(), timeouts.request()));
      }
      if (process.exitValue() != 0) {
        throw new NoAccess(
            "the credential plugin \"%s\" ended with code %d%s"
                .formatted(
                    command(),
                    process.exitValue(),
                    clause(without(out.get(1, TimeUnit.SECONDS), last(err)))));
      }
      return out.get(1, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NoAccess("the credential plugin \"" + command() + "\" was interrupted");
    } catch (ExecutionException | TimeoutException e) {
      throw new NoAccess("the credential plugin \"" + command() + "\" left its output unfinished");
    } finally {
      process.descendants().forEach(ProcessHandle::destroy);
      process.destroyForcibly();
    }
  }

  /** A thread of its own: a plugin that fills one pipe while we read the other would hang. */
  private static CompletableFuture<String> reading(InputStream stream, String name) {
    CompletableFuture<String> text = new CompletableFuture<>();
    Thread reader =
        new Thread(
            () -> {
              try (stream) {
                text.complete(
                    new String(stream.readNBytes(LARGEST_OUTPUT), StandardCharsets.UTF_8));
              } catch (IOException e) {
                text.completeExceptionally(new UncheckedIOException(e));
              }
            },
            "muster-plugin-" + name);
    reader.setDaemon(true);
    reader.start();
    return text;
  }

  /** The last line of what the plugin complained about: usually what to do. */
  private static String last(CompletableFuture<String> text)
      throws InterruptedException, ExecutionException, TimeoutException {
    return text.get(1, TimeUnit.SECONDS)
        .lines()
        .filter(line -> !line.isBlank())
        .reduce("", (before, line) -> line.strip());
  }

  /** What it printed as a credential may be in its complaint too. */
  private static String without(String secrets, String complaint) {
    Redactor redactor = new Redactor();
    for (String word : secrets.split("[\\s\"':,={}]+")) {
      redactor.learn(word);
    }
    return ForeignText.masked(redactor.mask(complaint));
  }

  private static String clause(String text) {
    return text.isEmpty() ? "" : ": " + Bounds.between(text, LONGEST_COMPLAINT);
  }

  private Given credentials(String output) {
    JsonNode said = Reply.parse(output);
    String wanted = user.node().path("exec").path("apiVersion").asText();
    if (!said.path("kind").asText().equals("ExecCredential")
        || !said.path("apiVersion").asText().equals(wanted)) {
      throw new NoAccess(
          "the credential plugin \"%s\" did not answer with an ExecCredential of %s"
              .formatted(command(), wanted));
    }
    JsonNode status = said.path("status");
    String token = status.path("token").asText();
    String certificate = status.path("clientCertificateData").asText();
    if (token.isEmpty() && certificate.isEmpty()) {
      throw new NoAccess("the credential plugin \"" + command() + "\" gave no credential");
    }
    if (certificate.isEmpty() != status.path("clientKeyData").asText().isEmpty()) {
      throw new NoAccess(
          "the credential plugin \"" + command() + "\" gave only one of certificate and key");
    }
    Optional<Pair> pair =
        certificate.isEmpty()
            ? Optional.empty()
            : Optional.of(
                new Pair(base64(certificate), base64(status.path("clientKeyData").asText())));
    return new Given(token, pair, expiry(status.path("expirationTimestamp").asText()));
  }

  private Instant expiry(String text) {
    try {
      return text.isEmpty() ? Instant.MAX : OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeParseException e) {
      throw new NoAccess(
          "the credential plugin \"" + command() + "\" gave an expirationTimestamp that is none");
    }
  }

  private static String base64(String pem) {
    return Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.UTF_8));
  }
}
