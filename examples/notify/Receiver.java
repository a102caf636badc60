import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Takes what {@code muster drift --notify} posts, after it has verified it. Needs nothing but a JDK:
 *
 * <pre>java Receiver.java KEY-FILE PORT</pre>
 */
public final class Receiver {
  /** What is older may have been recorded and sent again by somebody else. */
  private static final long SECONDS = 300;

  private static final Pattern HEADER = Pattern.compile("t=([0-9]{1,12}),v1=([0-9a-f]{64})");

  public static void main(String[] args) throws IOException {
    byte[] key = Files.readString(Path.of(args[0])).strip().getBytes(StandardCharsets.UTF_8);
    HttpServer server =
        HttpServer.create(new InetSocketAddress("127.0.0.1", Integer.parseInt(args[1])), 0);
    server.createContext("/", exchange -> take(exchange, key));
    server.start();
    System.out.println("listening on " + server.getAddress().getPort());
  }

  private static void take(HttpExchange exchange, byte[] key) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    String header = exchange.getRequestHeaders().getFirst("Muster-Signature");
    boolean good = isGood(header, body, key, Instant.now());
    System.out.println(good ? new String(body, StandardCharsets.UTF_8).strip() : "refused");
    exchange.sendResponseHeaders(good ? 204 : 401, -1);
    exchange.close();
  }

  static boolean isGood(String header, byte[] body, byte[] key, Instant now) {
    Matcher parts = HEADER.matcher(header == null ? "" : header);
    if (!parts.matches()) {
      return false;
    }
    long age = Math.abs(now.getEpochSecond() - Long.parseLong(parts.group(1)));
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      mac.update((parts.group(1) + ".").getBytes(StandardCharsets.US_ASCII));
      byte[] expected = mac.doFinal(body);
      // A comparison that takes as long for a wrong signature as for a right one.
      return age <= SECONDS
          && MessageDigest.isEqual(expected, HexFormat.of().parseHex(parts.group(2)));
    } catch (java.security.GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
