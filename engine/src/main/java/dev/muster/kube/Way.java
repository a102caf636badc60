package dev.muster.kube;

import java.util.function.Consumer;

/** How the requests of one watch are sent; one after the other. */
interface Way {
  /** As {@link Connection#send}. */
  Connection.Sent send(Call call);

  /** As {@link Connection#stream}. */
  Connection.Sent stream(Call call, int seconds, Runnable opened, Consumer<String> each);

  /** By the client for streams, which all watches of a cluster share. */
  static Way shared(Line line) {
    return new Way() {
      @Override
      public Connection.Sent send(Call call) {
        return line.start(connection -> connection.send(call));
      }

      @Override
      public Connection.Sent stream(
          Call call, int seconds, Runnable opened, Consumer<String> each) {
        return line.start(connection -> connection.stream(call, seconds, opened, each));
      }
    };
  }
}
