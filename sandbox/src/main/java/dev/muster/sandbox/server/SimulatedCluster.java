package dev.muster.sandbox.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.sandbox.server.http.Exchange;
import dev.muster.sandbox.server.json.Json;
import dev.muster.sandbox.server.kind.KindInfo;
import dev.muster.sandbox.server.rest.AdmissionHook;
import dev.muster.sandbox.server.rest.Authorizer;
import dev.muster.sandbox.server.rest.Backend;
import dev.muster.sandbox.server.rest.Router;
import dev.muster.sandbox.server.rest.Seeds;
import dev.muster.sandbox.server.rest.ServiceProxyHandler;
import dev.muster.sandbox.server.store.ObjectKey;
import dev.muster.sandbox.server.store.PodLogs;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

/** One simulated cluster: its address is a path of the server it was added to. */
public final class SimulatedCluster {
  private final Backend backend;
  private final Authorizer authorizer;
  private final Router router;
  private final Seeds seeds;
  private final Set<Exchange> running = ConcurrentHashMap.newKeySet();
  private volatile boolean unavailable;

  SimulatedCluster(
      Backend backend, Authorizer authorizer, BiConsumer<String, String> book, String uid) {
    this.backend = backend;
    this.authorizer = authorizer;
    this.router = new Router(backend, authorizer, book);
    this.seeds = new Seeds(backend);
    for (String name : new String[] {"kube-system", "default", "kube-public", "kube-node-lease"}) {
      ObjectNode namespace = Json.object().put("apiVersion", "v1").put("kind", "Namespace");
      ObjectNode metadata = Json.child(namespace, "metadata").put("name", name);
      if (name.equals("kube-system")) {
        metadata.put("uid", uid);
      }
      seeds.put(namespace);
    }
  }

  public String name() {
    return backend.settings().name();
  }

  /** Serves one more kind, as an established CRD does but without an object for it. */
  public void registerKind(KindInfo kind) {
    backend.kinds().register(kind);
  }

  /** While true every connection ends without an answer, open watches included. */
  public void unavailable(boolean value) {
    unavailable = value;
    if (value) {
      for (Exchange exchange : running) {
        try {
          exchange.abort();
        } catch (IOException e) {
          // It has ended by itself.
        }
      }
    }
  }

  public PodLogs logs() {
    return backend.logs();
  }

  /** Sets what stands behind the cluster's Services when asked through the proxy subresource. */
  public void serviceProxy(ServiceProxyHandler handler) {
    backend.proxy(handler);
  }

  /** Adds a validating webhook; all have to agree. */
  public void admission(AdmissionHook hook) {
    backend.hooks().add(hook);
  }

  /**
   * Sets what answers for a webhook of this name. It is asked only while a
   * ValidatingWebhookConfiguration of the cluster names it, for what its rules and its
   * objectSelector cover, as on a real server.
   */
  public void webhook(String name, AdmissionHook hook) {
    backend.webhooks().put(name, hook);
  }

  public void removeAdmission(AdmissionHook hook) {
    backend.hooks().remove(hook);
  }

  /**
   * Stores an object as given, its status and uid included, past all checks; an existing one is
   * replaced. Defaults are filled in, and a CRD is served at once.
   */
  public ObjectNode seed(JsonNode object) {
    return seeds.put(object);
  }

  /** The stored object; not to be changed. The namespace of a cluster-scoped one is empty. */
  public Optional<ObjectNode> find(
      String group, String version, String plural, String namespace, String name) {
    return backend
        .kinds()
        .find(group, version, plural)
        .flatMap(kind -> backend.store().get(new ObjectKey(kind.resource(), namespace, name)));
  }

  /** The uid of namespace kube-system, by which clusters are told apart. */
  public String uid() {
    return find("", "v1", "namespaces", "", "kube-system")
        .map(namespace -> namespace.at("/metadata/uid").asText())
        .orElse("");
  }

  Authorizer authorizer() {
    return authorizer;
  }

  Router router() {
    return router;
  }

  boolean isUnavailable() {
    return unavailable;
  }

  /** Notes a request under way, so that it can be cut off. */
  void started(Exchange exchange) {
    running.add(exchange);
  }

  void ended(Exchange exchange) {
    running.remove(exchange);
  }

  void close() {
    backend.close();
  }
}
