package dev.muster.session;

import dev.muster.bound.Bounds;
import dev.muster.problem.MusterException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Fetches one text, in bounded time and size. */
final class Download {
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
  private static final String BY_HAND = "download it, check it, and name it with `file:`";

  private final long end;
  private final Duration deadline;
  private final HttpClient client =
      HttpClient.newBuilder()
          .followRedirects(HttpClient.Redirect.NEVER)
          .connectTimeout(Duration.ofSeconds(10))
          .build();

  /**
   * @param deadline for all of it: a server that sends a byte now and then is not waited for
   */
  Download(Duration deadline) {
    this.deadline = deadline;
    this.end = System.nanoTime() + deadline.toNanos();
  }

  /** An address without what may be secret in it: login, query, fragment. */
  static String shown(URI url) {
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
  String text(URI url) {
    URI at = url;
    for (int redirects = 0; redirects <= Bounds.REDIRECTS; redirects++) {
      HttpResponse<byte[]> response = ask(url, at);
      String location = response.headers().firstValue("location").orElse("");
      if (REDIRECTS.contains(response.statusCode()) && !location.isEmpty()) {
        at = next(url, at, location);
        continue;
      }
      if (response.statusCode() != 200) {
        throw failed(url, "the server answered " + response.statusCode());
      }
      try {
        return StandardCharsets.UTF_8
            .newDecoder()
            .decode(ByteBuffer.wrap(response.body()))
            .toString();
      } catch (CharacterCodingException e) {
        throw failed(url, "it is not UTF-8 text");
      }
    }
    throw failed(
        url, "it leads from one address to the next more than " + Bounds.REDIRECTS + " times");
  }

  /** Where a redirect leads; never to where everybody on the way can change what comes. */
  static URI next(URI url, URI from, String location) {
    URI to;
    try {
      to = from.resolve(location);
    } catch (IllegalArgumentException e) {
      throw failed(url, "it leads to what is no address");
    }
    String scheme = String.valueOf(to.getScheme()).toLowerCase(Locale.ROOT);
    if (!scheme.equals("https") && !scheme.equals("http") || to.getHost() == null) {
      throw failed(url, "it leads to what is no http address");
    }
    if (scheme.equals("http") && "https".equalsIgnoreCase(from.getScheme())) {
      throw failed(url, "it leads from https to " + shown(to) + ", which is not encrypted");
    }
    return to;
  }

  private HttpResponse<byte[]> ask(URI url, URI at) {
    CompletableFuture<HttpResponse<byte[]>> answer =
        client.sendAsync(HttpRequest.newBuilder(at).build(), info -> new Limited());
    try {
      return answer.get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw failed(
          url,
          "it was not there whole within "
              + (deadline.toSeconds() > 0
                  ? deadline.toSeconds() + " s"
                  : deadline.toMillis() + " ms"));
    } catch (ExecutionException e) {
      throw failed(url, why(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw MusterException.of("interrupted while fetching " + shown(url));
    } finally {
      answer.cancel(true);
    }
  }

  private static String why(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof TooLarge) {
        return "it is larger than " + (Bounds.FILE >> 20) + " MiB";
      }
      if (t instanceof javax.net.ssl.SSLException) {
        return "its certificate is not trusted, or TLS failed";
      }
    }
    return "no answer";
  }

  private static MusterException failed(URI url, String why) {
    return MusterException.of("cannot fetch " + shown(url) + ": " + why, BY_HAND);
  }

  private static final class TooLarge extends IOException {
    private static final long serialVersionUID = 1;
  }

  /** Takes no more than a file may have. */
  private static final class Limited implements HttpResponse.BodySubscriber<byte[]> {
    private final CompletableFuture<byte[]> body = new CompletableFuture<>();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final CompletableFuture<Flow.Subscription> from = new CompletableFuture<>();

    @Override
    public CompletionStage<byte[]> getBody() {
      return body;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      from.complete(subscription);
      subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(List<ByteBuffer> parts) {
      for (ByteBuffer part : parts) {
        if (bytes.size() + part.remaining() > Bounds.FILE) {
          body.completeExceptionally(new TooLarge());
          from.thenAccept(Flow.Subscription::cancel);
          return;
        }
        byte[] copy = new byte[part.remaining()];
        part.get(copy);
        bytes.writeBytes(copy);
      }
    }

    @Override
    public void onError(Throwable failure) {
      body.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
      body.complete(bytes.toByteArray());
    }
  }
}
