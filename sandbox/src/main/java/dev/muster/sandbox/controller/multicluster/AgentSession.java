package dev.muster.sandbox.controller.multicluster;

import dev.muster.sandbox.controller.env.ClusterEndpoint;

/**
 * One live tunnel of an agent into Tower.
 *
 * @param cluster the name under which the agent has presented itself
 * @param member where the tunnel ends
 * @param broken called when Tower drops it
 */
record AgentSession(String cluster, ClusterEndpoint member, Runnable broken) {}
