package dev.muster.testbed.sweep;

import dev.muster.sandbox.client.ApiClient;
import dev.muster.sandbox.fault.Faults;
import dev.muster.testbed.Muster;
import java.util.List;

/** A host and two members behind the proxy with the faults, and muster in a repository. */
interface Arena extends AutoCloseable {
  String HOST = "host";
  List<String> MEMBERS = List.of("m1", "m2");
  List<String> CLUSTERS = List.of(HOST, "m1", "m2");

  Muster muster();

  Faults faults();

  /** A user with all rights, behind the proxy's back. */
  ApiClient kubectl(String cluster);

  @Override
  void close();

  /** The topology that the sweeps begin with, or what is left of it. */
  default void declare(Declaration declaration) {
    muster().topology(declaration.text());
  }
}
