package dev.muster.fetch;

import dev.muster.bound.Bounds;
import dev.muster.problem.MusterException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/** Fetches one text, in bounded time and size. */
public final class Download {
  private static final String BY_HAND = "download it, check it, and name it with `file:`";

  private final Exchange exchange;

  /**
   * @param deadline for all of it, redirects among it
   */
  public Download(Duration deadline) {
    this.exchange = new Exchange(deadline);
  }

  /** An address without what may be secret in it: login, query, fragment. */
  public static String shown(URI url) {
    try {
      return new URI(url.getScheme(), null, url.getHost(), url.getPort(), url.getPath(), null, null)
          .toString();
    } catch (URISyntaxException e) {
      return url.getScheme() + "://" + url.getHost();
    }
  }

  /**
   * The text behind an address, redirects followed.
   *
   * @throws MusterException when it cannot be had, with the reason
   */
  public String text(URI url) {
    try {
      Exchange.Reply reply = exchange.follow(url, at -> Map.of(), Bounds.FILE);
      if (reply.status() != 200) {
        throw new Unfetched("the server answered " + reply.status());
      }
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(reply.body())).toString();
    } catch (CharacterCodingException e) {
      throw failed(url, "it is not UTF-8 text");
    } catch (Unfetched e) {
      throw failed(url, e.why());
    }
  }

  private static MusterException failed(URI url, String why) {
    return MusterException.of("cannot fetch " + shown(url) + ": " + why, BY_HAND);
  }
}
