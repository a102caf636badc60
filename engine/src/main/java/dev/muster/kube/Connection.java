package dev.muster.kube;

import dev.muster.resource.Redactor;
import dev.muster.wire.Answer;
import dev.muster.wire.Endpoint;
import dev.muster.wire.Lanes;
import dev.muster.wire.Request;
import dev.muster.wire.TooLarge;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The ways to one server under one login: plain sockets for what is one request and one answer, and
 * a client for streams, which is not made before it is needed. It sends what it is given once.
 */
final class Connection implements AutoCloseable {
  private final Login login;
  private final Optional<Lanes> lanes;
  private final Supplier<Streams> opener;
  private final Redactor redactor;
  private @Nullable Streams streams;

  /**
   * @param lanes empty where there is a proxy on the way
   * @param redactor learns each login before it is sent
   */
  Connection(Login login, Optional<Lanes> lanes, Supplier<Streams> opener, Redactor redactor) {
    this.login = login;
    this.lanes = lanes;
    this.opener = opener;
    this.redactor = redactor;
  }

  /** A request that was sent, and how to give it up. */
  record Sent(CompletableFuture<Reply> reply, Runnable cancel) {}

  /** See {@link Login.Credential#renew()}. */
  boolean renew() {
    return login.credential().renew();
  }

  /** Whether it was made with a certificate in whose place there is another one by now. */
  boolean stale() {
    return login.certificate().isPresent()
        && !login.certificate().equals(login.credential().certificate());
  }

  /** Whether it has, or needs for every request, the client with threads of its own. */
  synchronized boolean heavy() {
    return streams != null || lanes.isEmpty();
  }

  /** Sends a request and waits for the answer, which is bounded in time. */
  Reply ask(Call call) throws InterruptedException {
    return lanes.isPresent() ? ask(lanes.get(), call) : await(send(call));
  }

  private Reply ask(Lanes ways, Call call) throws InterruptedException {
    try {
      Answer answer = ways.ask(request(call));
      return new Reply.Answer(
          login.server(),
          answer.code(),
          answer.header("content-type"),
          answer.header("retry-after"),
          answer.header("date"),
          answer.body());
    } catch (TooLarge e) {
      return new Reply.Broken(Failures.excess(login.server()));
    } catch (IOException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      return new Reply.Broken(Failures.of(login.server(), e));
    }
  }

  /** The request with our login. */
  Request request(Call call) {
    URI uri = URI.create(login.server() + call.target());
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    List<Map.Entry<String, String>> headers = headers();
    if (!call.reads()) {
      headers.add(Map.entry("Content-Type", call.contentType()));
    }
    return new Request(
        call.method(),
        uri.getRawPath() + query,
        headers,
        call.body().getBytes(StandardCharsets.UTF_8),
        call.reads());
  }

  /** Where a socket leads straight to the server; empty where there is a proxy on the way. */
  Optional<Endpoint> endpoint() {
    return lanes.map(Lanes::endpoint);
  }

  /** Its address, for messages. */
  String server() {
    return login.server();
  }

  private static Reply await(Sent sent) throws InterruptedException {
    try {
      return sent.reply().get();
    } catch (InterruptedException e) {
      sent.cancel().run();
      throw e;
    } catch (ExecutionException | CancellationException e) {
      return new Reply.Broken(Failures.of("the server", e));
    }
  }

  /** Sends a request for somebody who does not wait; the whole answer is bounded in time. */
  Sent send(Call call) {
    return streams().send(call, headers());
  }

  /**
   * Sends a request whose answer goes on and on.
   *
   * @param seconds after which it is given up
   * @param opened runs when the server has agreed
   * @param line takes each complete line of a good answer, on a thread that must not be held up
   */
  Sent stream(Call call, int seconds, Runnable opened, Consumer<String> line) {
    return streams().stream(call, headers(), seconds, opened, line);
  }

  private synchronized Streams streams() {
    if (streams == null) {
      streams = opener.get();
    }
    return streams;
  }

  private List<Map.Entry<String, String>> headers() {
    List<Map.Entry<String, String>> headers = new ArrayList<>();
    headers.add(Map.entry("Accept", "application/json"));
    headers.add(Map.entry("User-Agent", login.agent()));
    String authorization = login.credential().authorization();
    learn(authorization);
    if (!authorization.isEmpty()) {
      headers.add(Map.entry("Authorization", authorization));
    }
    headers.addAll(login.headers());
    return headers;
  }

  /** Whatever a server says about it later, it is not to be seen. */
  private void learn(String authorization) {
    int space = authorization.indexOf(' ');
    String secret = authorization.substring(space + 1);
    redactor.learn(secret);
    if (authorization.startsWith("Basic ")) {
      String pair = new String(Base64.getDecoder().decode(secret), StandardCharsets.UTF_8);
      redactor.learn(pair.substring(pair.indexOf(':') + 1));
    }
  }

  @Override
  public synchronized void close() {
    lanes.ifPresent(Lanes::close);
    if (streams != null) {
      streams.close();
    }
  }
}
