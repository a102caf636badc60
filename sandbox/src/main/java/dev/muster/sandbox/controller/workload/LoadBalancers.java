package dev.muster.sandbox.controller.workload;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.sandbox.client.ApiClient;
import dev.muster.sandbox.client.Json;
import dev.muster.sandbox.client.Kind;
import dev.muster.sandbox.client.Watcher;
import dev.muster.sandbox.client.WorkerPool;
import dev.muster.sandbox.controller.env.LoadBalancer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Gives Services of type LoadBalancer their address after a moment, or never. */
public final class LoadBalancers implements AutoCloseable {
  private final ApiClient api;
  private final String namespace;
  private final Duration delay;
  private final WorkerPool.Strand strand;
  private LoadBalancer balancer;
  private @Nullable Watcher watcher;

  public LoadBalancers(
      ApiClient api, String namespace, Duration delay, WorkerPool pool, LoadBalancer balancer) {
    this.api = api.as("load-balancer", "cloud-controller-manager");
    this.namespace = namespace;
    this.delay = delay;
    this.strand = pool.strand();
    this.balancer = balancer;
  }

  public void start() {
    watcher = Watcher.start(api, Kind.SERVICE, namespace, strand, this::on);
  }

  @Override
  public void close() {
    if (watcher != null) {
      watcher.close();
    }
  }

  /** Moves all Services to other addresses, as when a balancer is replaced. */
  public void change(LoadBalancer newBalancer) {
    strand.execute(
        () -> {
          balancer = newBalancer;
          if (watcher != null) {
            watcher.copies().forEach(this::give);
          }
        });
  }

  private void on(Watcher.Event event) {
    ObjectNode service = event.object();
    if (event.type() != Watcher.EventType.DELETED
        && service.path("status").path("loadBalancer").path("ingress").isEmpty()
        && !balancer.ingress().isEmpty()) {
      strand.after(delay, () -> give(service));
    }
  }

  private void give(ObjectNode service) {
    if (!service.path("spec").path("type").asText().equals("LoadBalancer")
        || OpenElb.isChosenBy(service)) {
      return;
    }
    ObjectNode status = Json.object();
    ArrayNode entries = status.putObject("loadBalancer").putArray("ingress");
    for (LoadBalancer.Ingress ingress : balancer.ingress()) {
      ObjectNode entry = entries.addObject();
      if (!ingress.ip().isEmpty()) {
        entry.put("ip", ingress.ip());
      }
      if (!ingress.hostname().isEmpty()) {
        entry.put("hostname", ingress.hostname());
      }
    }
    api.patchStatus(Kind.SERVICE, namespace, Json.name(service), status);
  }
}
