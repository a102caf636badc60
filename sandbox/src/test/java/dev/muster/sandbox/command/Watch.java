package dev.muster.sandbox.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.muster.cli.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/** A {@code muster watch} that goes on while a test changes things. */
final class Watch implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final Thread thread;
  private volatile int code = -1;

  /**
   * @param args beside the file
   */
  Watch(Fleet fleet, String... args) {
    List<String> all = new ArrayList<>(List.of("watch"));
    all.addAll(List.of(args));
    all.add("-f");
    all.add(fleet.folder.resolve("topology.yaml").toString());
    thread =
        new Thread(
            () ->
                code =
                    Main.run(
                        new PrintWriter(out),
                        new PrintWriter(err),
                        false,
                        all.toArray(String[]::new)),
            "watch under test");
    thread.start();
  }

  String said() {
    return out + "" + err;
  }

  /** Waits until it has said this; white space does not count. */
  Watch says(String text) {
    await("says \"" + text + "\"", () -> said().replaceAll("\\s+", " ").contains(text));
    return this;
  }

  /** A cluster that is away is missed after ten seconds, and asked for again not all the time. */
  private void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime())
          .as("not in time: the watch " + what + "; it said:\n" + said())
          .isLessThan(deadline);
      try {
        Thread.sleep(20);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
  }

  /** The lines of {@code -o ndjson} so far. */
  List<JsonNode> events() {
    String text = out.toString();
    List<JsonNode> events = new ArrayList<>();
    text.substring(0, text.lastIndexOf('\n') + 1)
        .lines()
        .forEach(
            line -> {
              try {
                events.add(JSON.readTree(line));
              } catch (IOException e) {
                throw new UncheckedIOException(line, e);
              }
            });
    return events;
  }

  /** Waits for an event after those that were seen before. */
  JsonNode event(String what, Predicate<JsonNode> wanted) {
    await("tells " + what, () -> events().stream().anyMatch(wanted));
    return events().stream().filter(wanted).findFirst().orElseThrow();
  }

  /** Ends it as Ctrl-C would, which an embedded one cannot get. */
  int end() {
    thread.interrupt();
    try {
      thread.join(20_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    assertThat(thread.isAlive()).as("it ends when it is told to; it said:\n" + said()).isFalse();
    return code;
  }

  @Override
  public void close() {
    if (thread.isAlive()) {
      end();
    }
  }
}
