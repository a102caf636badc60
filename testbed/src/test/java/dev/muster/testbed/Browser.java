package dev.muster.testbed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** A headless Chromium with one page, driven over its DevTools protocol. */
final class Browser implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long SECONDS = 60;

  private final Program program;
  private final WebSocket socket;
  private final String session;
  private final AtomicInteger number = new AtomicInteger();
  private final Map<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();
  private final List<JsonNode> events = new CopyOnWriteArrayList<>();

  /** Starts one; {@code testbed/browser/install} makes sure that there is a Chromium. */
  Browser(Path folder) {
    try {
      Path profile = Files.createDirectories(folder.resolve("profile"));
      List<String> command =
          List.of(
              installed(),
              "--headless=new",
              // The tests may run as root, where Chromium has no sandbox of its own.
              "--no-sandbox",
              "--disable-gpu",
              "--disable-dev-shm-usage",
              "--disable-background-networking",
              "--no-first-run",
              "--remote-debugging-port=0",
              "--window-size=1280,900",
              "--user-data-dir=" + profile,
              "about:blank");
      Path log = folder.resolve("chromium.log");
      program = Program.start(command, Map.of("HOME", folder.toString()), log, "");
      Path ready = profile.resolve("DevToolsActivePort");
      Wait.until("Chromium serves", () -> lines(ready).size() > 1 || !program.alive());
      if (!program.alive()) {
        throw new IllegalStateException("Chromium ended: " + program.lastWords());
      }
      List<String> place = lines(ready);
      socket =
          HttpClient.newHttpClient()
              .newWebSocketBuilder()
              .buildAsync(
                  URI.create("ws://127.0.0.1:" + place.get(0) + place.get(1)), new Listener())
              .join();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String target =
        call("", "Target.createTarget", "{\"url\": \"about:blank\"}").at("/targetId").asText();
    session =
        call("", "Target.attachToTarget", "{\"flatten\": true, \"targetId\": \"" + target + "\"}")
            .at("/sessionId")
            .asText();
    List.of("Page", "Runtime", "Log", "Network").forEach(domain -> call(domain + ".enable", "{}"));
  }

  private static List<String> lines(Path file) {
    try {
      return Files.exists(file) ? Files.readAllLines(file) : List.of();
    } catch (IOException e) {
      return List.of();
    }
  }

  private static String installed() throws IOException {
    Path script = Binaries.script().resolveSibling("browser").resolve("install");
    Process process =
        new ProcessBuilder(script.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    List<String> lines = said.lines().toList();
    if (lines.isEmpty()) {
      throw new IllegalStateException(
          "there is no Chromium and it could not be installed; run " + script + " as root");
    }
    return lines.get(lines.size() - 1);
  }

  /** Opens a page and waits until it is loaded. */
  void open(Path page) {
    events.clear();
    call("Page.navigate", JSON.createObjectNode().put("url", page.toUri().toString()).toString());
    Wait.until("the page is loaded", () -> !of("Page.loadEventFired").isEmpty());
  }

  /** The value of an expression; what is not plain data has none. */
  JsonNode evaluate(String expression) {
    ObjectNode params = JSON.createObjectNode().put("expression", expression);
    params.put("returnByValue", true).put("awaitPromise", true);
    JsonNode answer = call("Runtime.evaluate", params.toString());
    if (answer.has("exceptionDetails")) {
      throw new IllegalStateException(expression + ": " + answer.get("exceptionDetails"));
    }
    return answer.at("/result/value");
  }

  /** Clicks the middle of the first element that a selector finds, as a mouse does. */
  void click(String selector) {
    JsonNode at =
        evaluate(
            "(() => { const e = document.querySelector('"
                + selector
                + "'); e.scrollIntoView({block: 'center', behavior: 'instant'});"
                + " const r = e.getBoundingClientRect();"
                + " return {x: r.x + r.width / 2, y: r.y + r.height / 2}; })()");
    for (String type : List.of("mousePressed", "mouseReleased")) {
      ObjectNode event = JSON.createObjectNode().put("type", type).put("button", "left");
      event.put("clickCount", 1).setAll((ObjectNode) at);
      call("Input.dispatchMouseEvent", event.toString());
    }
  }

  void type(String text) {
    call("Input.insertText", JSON.createObjectNode().put("text", text).toString());
  }

  /** Presses a key by its DOM name, such as {@code Tab}, or one that writes its character. */
  void press(String key) {
    int code = Map.of("Tab", 9, "Enter", 13, "Escape", 27, "/", 191).getOrDefault(key, 0);
    for (String type : List.of("keyDown", "keyUp")) {
      ObjectNode event = JSON.createObjectNode().put("type", type).put("key", key);
      event.put("windowsVirtualKeyCode", code);
      if (key.length() == 1 && type.equals("keyDown")) {
        event.put("text", key);
      } else if (key.equals("Enter") && type.equals("keyDown")) {
        event.put("text", "\r");
      }
      call("Input.dispatchKeyEvent", event.toString());
    }
  }

  JsonNode call(String method, String params) {
    return call(session, method, params);
  }

  /** Keeps what the whole page looks like. */
  void screenshot(Path file) {
    save(file, call("Page.captureScreenshot", "{\"captureBeyondViewport\": true}"));
  }

  /** Keeps what the window shows of it. */
  void screenshotOfWindow(Path file) {
    save(file, call("Page.captureScreenshot", "{}"));
  }

  void print(Path file) {
    save(file, call("Page.printToPDF", "{}"));
  }

  private static void save(Path file, JsonNode answer) {
    try {
      Files.createDirectories(file.getParent());
      Files.write(file, Base64.getDecoder().decode(answer.at("/data").asText()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the page did wrong since it was opened: exceptions, and all that its console shows. */
  List<String> complaints() {
    return events.stream()
        .filter(
            e ->
                List.of("Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded")
                        .contains(e.path("method").asText())
                    || e.path("method").asText().equals("Page.javascriptDialogOpening"))
        .map(JsonNode::toString)
        .toList();
  }

  /** The addresses that were asked for since the page was opened, itself among them. */
  List<String> requests() {
    return of("Network.requestWillBeSent").stream()
        .map(e -> e.at("/params/request/url").asText())
        .toList();
  }

  private List<JsonNode> of(String method) {
    return events.stream().filter(e -> e.path("method").asText().equals(method)).toList();
  }

  private JsonNode call(String to, String method, String params) {
    int id = number.incrementAndGet();
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    answers.put(id, answer);
    try {
      ObjectNode message = JSON.createObjectNode().put("id", id).put("method", method);
      message.set("params", JSON.readTree(params));
      if (!to.isEmpty()) {
        message.put("sessionId", to);
      }
      socket.sendText(message.toString(), true).join();
      JsonNode got = answer.get(SECONDS, TimeUnit.SECONDS);
      if (got.has("error")) {
        throw new IllegalStateException(method + ": " + got.get("error"));
      }
      return got.path("result");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(method, e);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException(method + ": " + program.lastWords(), e);
    }
  }

  /** Asks it to end, so that none of its many processes writes into its folder any more. */
  @Override
  public void close() {
    List<ProcessHandle> all = program.all();
    socket.sendText("{\"id\": 0, \"method\": \"Browser.close\"}", true);
    try {
      Wait.until("Chromium has ended", () -> all.stream().noneMatch(ProcessHandle::isAlive));
    } finally {
      socket.abort();
      program.kill();
      all.forEach(ProcessHandle::destroyForcibly);
    }
  }

  /** Puts the parts of a message together; answers go to who waits, all else is remembered. */
  private final class Listener implements WebSocket.Listener {
    private final StringBuilder message = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
      message.append(part);
      if (last) {
        try {
          JsonNode whole = JSON.readTree(message.toString());
          CompletableFuture<JsonNode> answer = answers.remove(whole.path("id").asInt());
          if (answer == null) {
            events.add(whole);
          } else {
            answer.complete(whole);
          }
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
        message.setLength(0);
      }
      from.request(1);
      return CompletableFuture.completedFuture(null);
    }
  }
}
