package dev.muster.testbed;

import java.util.List;

/**
 * Kubeconfigs as kubectl judges them on a real API server; {@code ${...}} is filled in by the test.
 */
final class KubeconfigTable {
  static final String IN = "lets in";
  static final String OUT = "keeps out";

  private static final String EXEC = "client.authentication.k8s.io/v1";

  private KubeconfigTable() {}

  /** One file: what its cluster and its user say, and whether it is expected to get in. */
  record Row(String result, String name, String cluster, String user) {}

  static final String SERVER =
      "server: 'https://127.0.0.1:${PORT}', certificate-authority-data: ${CA}";
  private static final String FAR =
      "server: 'https://localhost:1', certificate-authority-data: ${CA}, proxy-url: ";

  static final List<Row> ROWS =
      List.of(
          new Row(IN, "token", SERVER, "token: ${TOKEN}"),
          new Row(OUT, "wrong token", SERVER, "token: wrong"),
          new Row(OUT, "nobody", SERVER, ""),
          new Row(OUT, "token without rights", SERVER, "token: ${POWERLESS}"),
          new Row(IN, "token file", SERVER, "tokenFile: token"),
          new Row(OUT, "empty token file", SERVER, "tokenFile: empty"),
          new Row(OUT, "no token file", SERVER, "tokenFile: gone"),
          new Row(IN, "token file before token", SERVER, "token: wrong, tokenFile: token"),
          new Row(IN, "token when the file is gone", SERVER, "token: ${TOKEN}, tokenFile: gone"),
          new Row(OUT, "basic auth, which servers dropped", SERVER, "username: a, password: b"),
          new Row(OUT, "two ways", SERVER, "token: ${TOKEN}, username: a, password: b"),
          new Row(
              IN,
              "certificate data",
              SERVER,
              "client-certificate-data: ${CA}, client-key-data: ${KEY}"),
          new Row(
              IN, "certificate files", SERVER, "client-certificate: ca.crt, client-key: me.key"),
          new Row(OUT, "certificate without key", SERVER, "client-certificate: ca.crt"),
          new Row(
              OUT,
              "certificate twice",
              SERVER,
              "client-certificate: ca.crt, client-certificate-data: ${CA}, client-key: me.key"),
          new Row(IN, "oidc", SERVER, oidc("${JWT}")),
          new Row(OUT, "expired oidc", SERVER, oidc("${OLD_JWT}")),
          new Row(OUT, "provider of the past", SERVER, "auth-provider: {name: gcp, config: {}}"),
          new Row(OUT, "as somebody without rights", SERVER, "token: ${TOKEN}, as: powerless"),
          new Row(
              IN,
              "as with groups",
              SERVER,
              "token: ${TOKEN}, as: x, as-groups: ['system:masters']"),
          new Row(OUT, "groups alone", SERVER, "token: ${TOKEN}, as-groups: ['system:masters']"),
          new Row(
              OUT,
              "as, without the right to it",
              SERVER,
              "token: ${POWERLESS}, as: x, as-groups: ['system:masters']"),
          new Row(IN, "plugin", SERVER, exec(EXEC, "IfAvailable", "./plugin.sh")),
          new Row(OUT, "plugin without a mode", SERVER, exec(EXEC, "''", "./plugin.sh")),
          new Row(OUT, "plugin that asks", SERVER, exec(EXEC, "Always", "./plugin.sh")),
          new Row(IN, "older plugin", SERVER, exec(EXEC + "beta1", "''", "./old.sh")),
          new Row(OUT, "plugin of another version", SERVER, exec(EXEC, "Never", "./old.sh")),
          new Row(OUT, "too old plugin", SERVER, exec(EXEC + "alpha1", "Never", "./plugin.sh")),
          new Row(OUT, "plugin that gives nothing", SERVER, exec(EXEC, "Never", "./nothing.sh")),
          new Row(OUT, "plugin that is not there", SERVER, exec(EXEC, "Never", "./gone.sh")),
          new Row(IN, "plugin with certificate", SERVER, exec(EXEC, "Never", "./certificate.sh")),
          new Row(
              IN,
              "token before plugin",
              SERVER,
              "token: ${TOKEN}, " + exec(EXEC, "Never", "./nothing.sh")),
          new Row(
              IN,
              "plugin that is told of the cluster",
              SERVER
                  + ", extensions: [{name: client.authentication.k8s.io/exec, extension: {x: z}}]",
              exec(EXEC, "Never", "./told.sh").replace("{", "{provideClusterInfo: true, ")),
          new Row(OUT, "plugin that is not told", SERVER, exec(EXEC, "Never", "./told.sh")),
          new Row(
              IN,
              "authority file",
              "server: 'https://127.0.0.1:${PORT}', certificate-authority: ca.crt",
              "token: ${TOKEN}"),
          new Row(
              OUT,
              "authority twice",
              SERVER + ", certificate-authority: ca.crt",
              "token: ${TOKEN}"),
          new Row(OUT, "no authority", "server: 'https://127.0.0.1:${PORT}'", "token: ${TOKEN}"),
          new Row(
              IN,
              "any certificate",
              "server: 'https://127.0.0.1:${PORT}', insecure-skip-tls-verify: true",
              "token: ${TOKEN}"),
          new Row(
              IN,
              "any certificate, in YAML 1.1",
              "server: 'https://127.0.0.1:${PORT}', insecure-skip-tls-verify: yes",
              "token: ${TOKEN}"),
          new Row(
              OUT,
              "any certificate of one authority",
              SERVER + ", insecure-skip-tls-verify: true",
              "token: ${TOKEN}"),
          new Row(OUT, "no scheme", SERVER.replace("https://", ""), "token: ${TOKEN}"),
          new Row(
              OUT,
              "plain text to a TLS server",
              "server: 'http://127.0.0.1:${PORT}'",
              "token: ${TOKEN}"),
          new Row(
              IN,
              "another server name",
              SERVER + ", tls-server-name: kubernetes.default.svc",
              "token: ${TOKEN}"),
          new Row(
              IN,
              "another server name for a name",
              SERVER.replace("127.0.0.1", "localhost")
                  + ", tls-server-name: kubernetes.default.svc",
              "token: ${TOKEN}"),
          new Row(
              OUT,
              "a server name that it has not",
              SERVER + ", tls-server-name: x.example",
              "token: ${TOKEN}"),
          new Row(IN, "http proxy", FAR + "'http://${HTTP}'", "token: ${TOKEN}"),
          new Row(
              IN,
              "http proxy with login",
              FAR + "'http://me:p%40ss@${HTTP_LOGIN}'",
              "token: ${TOKEN}"),
          new Row(
              OUT,
              "http proxy, wrong login",
              FAR + "'http://me:no@${HTTP_LOGIN}'",
              "token: ${TOKEN}"),
          new Row(OUT, "http proxy, no login", FAR + "'http://${HTTP_LOGIN}'", "token: ${TOKEN}"),
          new Row(IN, "https proxy", FAR + "'https://${HTTPS}'", "token: ${TOKEN}"),
          new Row(
              IN,
              "https proxy with login",
              FAR + "'https://me:p%40ss@${HTTPS_LOGIN}'",
              "token: ${TOKEN}"),
          new Row(
              OUT,
              "https proxy, wrong login",
              FAR + "'https://me:no@${HTTPS_LOGIN}'",
              "token: ${TOKEN}"),
          new Row(IN, "socks proxy", FAR + "'socks5://${SOCKS}'", "token: ${TOKEN}"),
          new Row(
              IN,
              "socks proxy with login",
              FAR + "'socks5://me:p%40ss@${SOCKS_LOGIN}'",
              "token: ${TOKEN}"),
          new Row(
              OUT,
              "socks proxy, wrong login",
              FAR + "'socks5://me:no@${SOCKS_LOGIN}'",
              "token: ${TOKEN}"),
          new Row(OUT, "proxy that is not there", FAR + "'https://127.0.0.1:1'", "token: ${TOKEN}"),
          new Row(OUT, "proxy of no kind", FAR + "'ftp://${HTTP}'", "token: ${TOKEN}"),
          new Row(
              IN,
              "socks proxy and another server name",
              FAR.replace("localhost", "api.invalid")
                  + "'socks5://${SOCKS}', tls-server-name: localhost",
              "token: ${TOKEN}"));

  private static String oidc(String token) {
    return "auth-provider: {name: oidc, config: {idp-issuer-url: 'https://issuer.invalid',"
        + " client-id: c, id-token: "
        + token
        + "}}";
  }

  private static String exec(String version, String mode, String command) {
    return "exec: {apiVersion: %s, interactiveMode: %s, command: %s}"
        .formatted(version, mode, command);
  }
}
