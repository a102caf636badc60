package dev.muster.fetch;

import dev.muster.bound.Bounds;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** Requests that share one deadline, each with an answer of bounded size. */
final class Exchange {
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

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
  Exchange(Duration deadline) {
    this.deadline = deadline;
    this.end = System.nanoTime() + deadline.toNanos();
  }

  /** An answer, whatever its status. */
  record Reply(HttpResponse<byte[]> response) {
    int status() {
      return response.statusCode();
    }

    byte[] body() {
      return response.body();
    }

    Optional<String> header(String name) {
      return response.headers().firstValue(name);
    }

    /** Where it leads, when it is a redirect. */
    Optional<String> leads() {
      return header("location").filter(to -> REDIRECTS.contains(status()) && !to.isEmpty());
    }
  }

  /**
   * Sends a GET.
   *
   * @param largest answer in bytes
   */
  Reply get(URI at, Map<String, String> headers, int largest) throws Unfetched {
    HttpRequest.Builder request = HttpRequest.newBuilder(at);
    headers.forEach(request::header);
    CompletableFuture<HttpResponse<byte[]>> answer =
        client.sendAsync(request.build(), info -> new Limited(largest));
    try {
      return new Reply(answer.get(end - System.nanoTime(), TimeUnit.NANOSECONDS));
    } catch (TimeoutException e) {
      String time =
          deadline.toSeconds() > 0 ? deadline.toSeconds() + " s" : deadline.toMillis() + " ms";
      throw new Unfetched("it was not there whole within " + time);
    } catch (ExecutionException e) {
      throw new Unfetched(why(e, largest));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Unfetched("interrupted");
    } finally {
      answer.cancel(true);
    }
  }

  /**
   * The same, redirects followed.
   *
   * @param headers what an address is sent
   */
  Reply follow(URI url, Function<URI, Map<String, String>> headers, int largest) throws Unfetched {
    URI at = url;
    for (int redirects = 0; redirects <= Bounds.REDIRECTS; redirects++) {
      Reply reply = get(at, headers.apply(at), largest);
      if (reply.leads().isEmpty()) {
        return reply;
      }
      at = next(at, reply.leads().get());
    }
    throw new Unfetched(
        "it leads from one address to the next more than " + Bounds.REDIRECTS + " times");
  }

  /** Where a redirect leads; never to where everybody on the way can change what comes. */
  static URI next(URI from, String location) throws Unfetched {
    URI to;
    try {
      to = from.resolve(location);
    } catch (IllegalArgumentException e) {
      throw new Unfetched("it leads to what is no address");
    }
    String scheme = String.valueOf(to.getScheme()).toLowerCase(Locale.ROOT);
    if (!scheme.equals("https") && !scheme.equals("http") || to.getHost() == null) {
      throw new Unfetched("it leads to what is no http address");
    }
    if (scheme.equals("http") && "https".equalsIgnoreCase(from.getScheme())) {
      throw new Unfetched(
          "it leads from https to " + Download.shown(to) + ", which is not encrypted");
    }
    return to;
  }

  private static String why(Throwable failure, int largest) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof TooLarge) {
        return "it is larger than "
            + (largest >= 1 << 20 ? (largest >> 20) + " MiB" : largest + " bytes");
      }
      if (t instanceof javax.net.ssl.SSLException) {
        return "its certificate is not trusted, or TLS failed";
      }
    }
    return "no answer";
  }

  private static final class TooLarge extends IOException {
    private static final long serialVersionUID = 1;
  }

  /** Takes no more than so much. */
  private static final class Limited implements HttpResponse.BodySubscriber<byte[]> {
    private final int largest;
    private final CompletableFuture<byte[]> body = new CompletableFuture<>();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final CompletableFuture<Flow.Subscription> from = new CompletableFuture<>();

    Limited(int largest) {
      this.largest = largest;
    }

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
        if (bytes.size() + part.remaining() > largest) {
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
