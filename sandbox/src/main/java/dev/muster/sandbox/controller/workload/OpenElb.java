package dev.muster.sandbox.controller.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.sandbox.client.ApiClient;
import dev.muster.sandbox.client.Json;
import dev.muster.sandbox.client.Kind;
import dev.muster.sandbox.client.Watcher;
import dev.muster.sandbox.client.WorkerPool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Stands in for OpenELB: a Service of type LoadBalancer whose annotations choose it and name an Eip
 * gets the first free address of that Eip, and loses it when it no longer does. Nothing answers on
 * the address; the finalizers and labels of the real one are left out.
 */
public final class OpenElb implements AutoCloseable {
  public static final Kind EIP =
      new Kind("network.kubesphere.io", "v1alpha2", "Eip", "eips", false);
  private static final String CHOICE = "lb.kubesphere.io/v1alpha1";
  private static final String PROTOCOL = "protocol.openelb.kubesphere.io/v1alpha1";
  private static final String NAME = "eip.openelb.kubesphere.io/v1alpha2";

  private final ApiClient api;
  private final Duration delay;
  private final WorkerPool.Strand strand;
  private final Map<String, String> given = new LinkedHashMap<>();
  private @Nullable Watcher eips;
  private @Nullable Watcher services;

  public OpenElb(ApiClient api, Duration delay, WorkerPool pool) {
    this.api = api.as("openelb-manager", "openelb-manager");
    this.delay = delay;
    this.strand = pool.strand();
  }

  public void start() {
    eips = Watcher.start(api, EIP, null, strand, event -> later());
    services = Watcher.start(api, Kind.SERVICE, null, strand, event -> later());
  }

  @Override
  public void close() {
    for (Watcher watcher : new Watcher[] {eips, services}) {
      if (watcher != null) {
        watcher.close();
      }
    }
  }

  /** Whether a Service is none of another load balancer's business. */
  static boolean isChosenBy(JsonNode service) {
    return annotation(service, CHOICE).equals("openelb");
  }

  private void later() {
    strand.after(delay, this::look);
  }

  private void look() {
    Watcher pools = eips;
    Watcher asking = services;
    if (pools == null || asking == null || !pools.isSynced() || !asking.isSynced()) {
      return;
    }
    List<ObjectNode> all = List.copyOf(asking.copies());
    given.keySet().retainAll(all.stream().map(OpenElb::key).toList());
    for (ObjectNode service : all) {
      Optional<ObjectNode> pool = pool(service, pools);
      String now = service.at("/status/loadBalancer/ingress/0/ip").asText();
      if (pool.isPresent()) {
        String address = address(key(service), pool.get());
        if (!address.isEmpty() && !address.equals(now)) {
          write(service, address);
        }
      } else if (given.remove(key(service)) != null) {
        write(service, "");
      }
    }
    pools.copies().forEach(this::tell);
  }

  private static Optional<ObjectNode> pool(ObjectNode service, Watcher pools) {
    if (!isChosenBy(service)
        || !service.path("spec").path("type").asText().equals("LoadBalancer")) {
      return Optional.empty();
    }
    return pools
        .copy(null, annotation(service, NAME))
        .filter(eip -> !eip.path("spec").path("disable").asBoolean())
        .filter(
            eip ->
                // Without the annotation the protocol is the one that needs a router's help.
                eip.path("spec")
                    .path("protocol")
                    .asText("bgp")
                    .equals(
                        annotation(service, PROTOCOL).isEmpty()
                            ? "bgp"
                            : annotation(service, PROTOCOL)));
  }

  /** The one it has if that is in the pool, else the first that nobody has; empty for none. */
  private String address(String service, ObjectNode eip) {
    List<String> pool = addresses(eip.path("spec").path("address").asText());
    String has = given.getOrDefault(service, "");
    if (pool.contains(has)) {
      return has;
    }
    given.remove(service);
    for (String address : pool) {
      if (!given.containsValue(address)) {
        given.put(service, address);
        return address;
      }
    }
    return "";
  }

  private void write(ObjectNode service, String address) {
    ObjectNode status = Json.object();
    ObjectNode balancer = status.putObject("loadBalancer");
    if (address.isEmpty()) {
      balancer.putNull("ingress");
    } else {
      balancer.putArray("ingress").addObject().put("ip", address);
    }
    api.patchStatus(Kind.SERVICE, Json.namespace(service), Json.name(service), status);
  }

  private void tell(ObjectNode eip) {
    List<String> pool = addresses(eip.path("spec").path("address").asText());
    ObjectNode status = Json.object();
    ObjectNode used = Json.object();
    given.forEach(
        (service, address) -> {
          if (pool.contains(address)) {
            used.put(address, service);
          }
        });
    status.put("ready", !pool.isEmpty()).put("v4", true).put("poolSize", pool.size());
    status.put("usage", used.size()).put("occupied", used.size() == pool.size());
    if (!pool.isEmpty()) {
      status.put("firstIP", pool.get(0)).put("lastIP", pool.get(pool.size() - 1));
    }
    status.set("used", used);
    if (!status.equals(eip.path("status"))) {
      api.patchStatus(EIP, null, Json.name(eip), status);
    }
  }

  /** One address, a range FIRST-LAST or a network; at most 256 of IPv4. */
  static List<String> addresses(String text) {
    long first;
    long last;
    try {
      if (text.contains("/")) {
        int bits = Integer.parseInt(text.substring(text.indexOf('/') + 1));
        first = number(text.substring(0, text.indexOf('/'))) >> (32 - bits) << (32 - bits);
        last = first + (1L << (32 - bits)) - 1;
      } else {
        String[] ends = text.split("-", 2);
        first = number(ends[0]);
        last = number(ends[ends.length - 1]);
      }
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
      return List.of();
    }
    List<String> all = new ArrayList<>();
    for (long each = first; each <= last && all.size() < 256; each++) {
      all.add(
          (each >> 24) + "." + (each >> 16 & 255) + "." + (each >> 8 & 255) + "." + (each & 255));
    }
    return all;
  }

  private static long number(String address) {
    String[] parts = address.strip().split("\\.", -1);
    long number = 0;
    for (int i = 0; i < 4; i++) {
      number = number << 8 | Integer.parseInt(parts[i]);
    }
    return number;
  }

  private static String key(ObjectNode service) {
    return Json.namespace(service) + "/" + Json.name(service);
  }

  private static String annotation(JsonNode object, String key) {
    return object.path("metadata").path("annotations").path(key).asText();
  }
}
