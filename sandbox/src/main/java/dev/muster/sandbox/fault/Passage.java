package dev.muster.sandbox.fault;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.sandbox.client.Json;
import dev.muster.sandbox.server.http.Exchange;
import dev.muster.sandbox.server.http.HttpRequest;
import dev.muster.sandbox.server.rest.RequestInfo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** One exchange, and all that may become of it. */
final class Passage {
  private final Exchange exchange;
  private final Request request;
  private final RequestInfo info;
  private final Forward forward;
  private final Memory memory;
  private final Faults faults;

  Passage(
      Exchange exchange,
      Request request,
      RequestInfo info,
      Forward forward,
      Memory memory,
      Faults faults) {
    this.exchange = exchange;
    this.request = request;
    this.faults = faults;
    this.info = info;
    this.forward = forward;
    this.memory = memory;
  }

  /** Nothing is done to it. */
  void pass() throws IOException {
    if (forward.streams()) {
      stream(new Forward.Lines(line -> true, line -> false));
    } else {
      answer(ask());
    }
  }

  /**
   * Lets a fault happen.
   *
   * @param moment see {@link Rule}
   * @return whether it could happen to this exchange
   */
  boolean meet(Fault fault, Runnable moment) throws IOException {
    if (fault instanceof Fault.DropRequest) {
      moment.run();
      exchange.abort();
    } else if (fault instanceof Fault.DropAnswer) {
      if (!forward.streams()) {
        ask();
      }
      moment.run();
      exchange.abort();
    } else if (fault instanceof Fault.Refuse refuse) {
      moment.run();
      refuse(refuse);
    } else if (fault instanceof Fault.Echo echo) {
      moment.run();
      echo(echo.status());
    } else if (fault instanceof Fault.Delay delay) {
      moment.run();
      pause(delay.by());
      pass();
    } else if (fault instanceof Fault.Truncate || fault instanceof Fault.Reset) {
      half(moment, fault instanceof Fault.Reset);
    } else if (fault instanceof Fault.Stale) {
      return stale(moment);
    } else {
      return disturb(fault, moment);
    }
    return true;
  }

  private Forward.Answer ask() throws IOException {
    Forward.Answer answer = forward.send();
    if (forward.isRead()) {
      memory.keep(forward.read(), answer);
    }
    if (answer.status() < 300 && request.writes()) {
      faults.written(request);
    }
    if (answer.status() == 201 && request.verb().equals("create")) {
      ObjectNode made = Json.parse(new String(answer.body(), StandardCharsets.UTF_8));
      faults.created(request, Json.name(made));
    }
    return answer;
  }

  private void answer(Forward.Answer answer) throws IOException {
    exchange.send(answer.status(), answer.contentType(), answer.body());
  }

  private void refuse(Fault.Refuse refuse) throws IOException {
    long seconds = refuse.retryAfter().map(Duration::toSeconds).orElse(0L);
    exchange.send(
        refuse.status(),
        "application/json",
        Refusals.body(refuse.status(), info, (int) seconds),
        refuse.retryAfter().isPresent()
            ? Map.of("Retry-After", String.valueOf(seconds))
            : Map.of());
  }

  private void echo(int status) throws IOException {
    HttpRequest sent = exchange.request();
    StringBuilder all = new StringBuilder("the request was ");
    all.append(sent.method()).append(' ').append(sent.target()).append(' ').append(sent.headers());
    all.append(' ').append(new String(sent.body(), StandardCharsets.UTF_8));
    if (!forward.streams()) {
      all.append(" about ").append(new String(forward.look().body(), StandardCharsets.UTF_8));
    }
    exchange.send(status, "application/json", Refusals.body(status, info, 0, all.toString()));
  }

  private void half(Runnable moment, boolean reset) throws IOException {
    if (forward.streams()) {
      // The head alone is half of an answer that has no end.
      exchange.stream(200, "application/json");
    } else {
      Forward.Answer answer = ask();
      int bytes = answer.body().length / 2;
      exchange.sendPart(answer.status(), answer.contentType(), answer.body(), bytes);
    }
    moment.run();
    exchange.cut(reset);
  }

  private boolean stale(Runnable moment) throws IOException {
    if (!forward.isRead() || forward.streams()) {
      pass();
      return false;
    }
    Forward.Answer now = forward.send();
    Optional<Forward.Answer> before = memory.before(forward.read(), now);
    if (before.isEmpty()) {
      memory.keep(forward.read(), now);
      // Before the client can see the answer and ask what has met it.
      faults.spared(request);
    } else {
      moment.run();
    }
    answer(before.orElse(now));
    return before.isPresent();
  }

  private boolean disturb(Fault fault, Runnable moment) throws IOException {
    if (!forward.streams()) {
      pass();
      return false;
    }
    Disturbance disturbance = new Disturbance(fault, moment);
    Forward.Lines lines = new Forward.Lines(disturbance::passes, disturbance::last);
    if (fault instanceof Fault.CloseWatch close && close.events() == 0) {
      disturbance.happen();
      lines.end();
    }
    stream(lines);
    return disturbance.happened();
  }

  private void stream(Forward.Lines lines) throws IOException {
    forward.stream(exchange, lines);
  }

  private static void pause(Duration time) throws IOException {
    try {
      Thread.sleep(time.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /** What is done to the lines of one watch. */
  private static final class Disturbance {
    private final Fault fault;
    private final Runnable moment;
    private int events;
    private volatile boolean happened;

    Disturbance(Fault fault, Runnable moment) {
      this.fault = fault;
      this.moment = moment;
    }

    boolean happened() {
      return happened;
    }

    boolean passes(String line) {
      if (line.contains("\"type\":\"BOOKMARK\"")) {
        return true;
      }
      events++;
      boolean hidden = fault instanceof Fault.HideEvent hide && hide.event() == events;
      if (hidden) {
        happen();
      }
      return !hidden;
    }

    boolean last(String line) {
      boolean last = fault instanceof Fault.CloseWatch close && events >= close.events();
      if (last) {
        happen();
      }
      return last;
    }

    private void happen() {
      happened = true;
      moment.run();
    }
  }
}
