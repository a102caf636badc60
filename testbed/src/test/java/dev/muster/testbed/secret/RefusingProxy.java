package dev.muster.testbed.secret;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/** A proxy that takes no login, and repeats the one that it was given. */
record RefusingProxy(ServerSocket socket) implements AutoCloseable {

  /**
   * @param logins gets each login that it was given
   */
  static RefusingProxy start(List<String> logins) throws IOException {
    ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread thread =
        new Thread(
            () -> {
              while (!socket.isClosed()) {
                try (Socket client = socket.accept()) {
                  answer(client, logins);
                } catch (IOException closedOrGone) {
                  continue;
                }
              }
            },
            "refusing-proxy");
    thread.setDaemon(true);
    thread.start();
    return new RefusingProxy(socket);
  }

  private static void answer(Socket client, List<String> logins) throws IOException {
    BufferedReader request =
        new BufferedReader(
            new InputStreamReader(client.getInputStream(), StandardCharsets.ISO_8859_1));
    String said = "";
    for (String line = request.readLine();
        line != null && !line.isEmpty();
        line = request.readLine()) {
      if (line.startsWith("Proxy-Authorization: Basic ")) {
        String login = line.substring("Proxy-Authorization: Basic ".length());
        said = login + " " + new String(Base64.getDecoder().decode(login), StandardCharsets.UTF_8);
        logins.add(said.substring(login.length() + 1));
      }
    }
    String body = "wrong login: " + said;
    client
        .getOutputStream()
        .write(
            ("HTTP/1.1 407 Proxy Authentication Required: "
                    + said
                    + "\r\nProxy-Authenticate: Basic realm=\"out\"\r\nContent-Length: "
                    + body.length()
                    + "\r\nConnection: close\r\n\r\n"
                    + body)
                .getBytes(StandardCharsets.ISO_8859_1));
  }

  /** HOST:PORT. */
  String at() {
    return "127.0.0.1:" + socket.getLocalPort();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
