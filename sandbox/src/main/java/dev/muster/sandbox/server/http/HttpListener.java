package dev.muster.sandbox.server.http;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;

/** Listens on 127.0.0.1 and hands each request to the handler, one thread per open connection. */
public final class HttpListener implements AutoCloseable {
  /** Answers one request; an exchange left unanswered ends its connection. */
  public interface Handler {
    void handle(Exchange exchange) throws IOException;
  }

  // Most connections are idle or watch: a small stack keeps a thousand of them cheap.
  private static final long STACK_BYTES = 512 * 1024;
  private static final int BACKLOG = 512;

  private final ServerSocket server;
  private final Handler handler;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads;
  private volatile boolean closed;

  /** Starts to listen at once; port 0 takes a free one. */
  public HttpListener(int port, Optional<SSLContext> tls, Handler handler) throws IOException {
    this.handler = handler;
    this.server =
        tls.isPresent()
            ? tls.get().getServerSocketFactory().createServerSocket()
            : new ServerSocket();
    server.setReuseAddress(true);
    server.bind(
        new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port), BACKLOG);
    AtomicInteger number = new AtomicInteger();
    this.threads =
        Executors.newCachedThreadPool(
            task -> {
              Thread thread =
                  new Thread(null, task, "sandbox-http-" + number.incrementAndGet(), STACK_BYTES);
              thread.setDaemon(true);
              return thread;
            });
    threads.execute(this::accept);
  }

  public int port() {
    return server.getLocalPort();
  }

  public boolean closed() {
    return closed;
  }

  private void accept() {
    while (!closed) {
      try {
        Socket socket = server.accept();
        open.add(socket);
        threads.execute(() -> serve(socket));
      } catch (IOException | RejectedExecutionException e) {
        if (closed) {
          return;
        }
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      if (closed) {
        return;
      }
      socket.setTcpNoDelay(true);
      BufferedInputStream in = new BufferedInputStream(socket.getInputStream());
      OutputStream out = new BufferedOutputStream(socket.getOutputStream(), 16 * 1024);
      RequestReader reader = new RequestReader(in, out);
      while (true) {
        HttpRequest request;
        try {
          request = reader.next();
        } catch (HttpProblem problem) {
          refuse(out, problem);
          return;
        }
        if (request == null) {
          return;
        }
        Exchange exchange = new Exchange(socket, in, out, request);
        handler.handle(exchange);
        if (!exchange.reusable()) {
          return;
        }
      }
    } catch (IOException e) {
      // The client has gone, or close() took the socket away: there is nobody to tell.
    } finally {
      open.remove(socket);
    }
  }

  private static void refuse(OutputStream out, HttpProblem problem) throws IOException {
    String body = problem.getMessage() + "\n";
    out.write(
        ("HTTP/1.1 "
                + problem.status
                + " Refused\r\nContent-Type: text/plain\r\nConnection: close\r\nContent-Length: "
                + body.length()
                + "\r\n\r\n"
                + body)
            .getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }

  /** Stops listening and cuts every open connection. */
  @Override
  public void close() {
    closed = true;
    try {
      server.close();
    } catch (IOException e) {
      // Closing is all that was wanted.
    }
    for (Socket socket : open) {
      try {
        socket.close();
      } catch (IOException e) {
        // As above.
      }
    }
    threads.shutdownNow();
    try {
      threads.awaitTermination(1, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
