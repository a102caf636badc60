package dev.muster.session;

import dev.muster.changes.RefusedException;
import dev.muster.courier.Receipt;
import dev.muster.courier.RecordedCluster;
import dev.muster.live.Cluster;
import dev.muster.problem.MusterException;
import dev.muster.problem.Problem;
import dev.muster.problem.Where;
import dev.muster.resource.Redactor;
import dev.muster.topology.ClusterDeclaration;
import dev.muster.topology.CourierAccess;
import dev.muster.topology.Topology;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Receipts at home: where the last one of each member is kept, and how a new one is taken in. */
public final class Receipts {
  private Receipts() {}

  /** The member as its last receipt shows it, or as one that cannot be reached. */
  static Cluster cluster(ClusterDeclaration member, Optional<Receipt> last) {
    String why =
        last.map(r -> "it is known by its receipt of " + r.made() + " only")
            .orElse("it is reached by courier, and no receipt of it is here yet");
    return new RecordedCluster(member.name(), last.map(Receipt::state), why);
  }

  static Optional<Receipt> last(ClusterDeclaration member, CourierAccess courier, SealKeys keys) {
    String former = member.formerName();
    Optional<Path> found =
        Stream.of(courier.receipt(), courier.receipt().resolveSibling(former + ".receipt"))
            .filter(Files::isRegularFile)
            .findFirst();
    if (found.isEmpty()) {
      return Optional.empty();
    }
    Path place = found.get();
    String text = Loader.read(place, "receipt");
    Receipt receipt = Receipt.open(place.toString(), text, keys.of(courier));
    if (!isOf(member, receipt)) {
      throw MusterException.of(
          place + " is a receipt of " + receipt.member() + ", not of " + member.name(),
          "name another file under access.courier.receipt");
    }
    return Optional.of(receipt);
  }

  /**
   * Puts a receipt that came back in the place of the last one.
   *
   * @return what it says
   * @throws MusterException when it cannot be opened
   * @throws RefusedException when it is of another cluster, or older than the last
   */
  public static String take(Path file, Topology topology, Redactor redactor) {
    String text = Loader.read(file, "receipt");
    List<ClusterDeclaration> couriers =
        topology.members().stream().filter(ClusterDeclaration::courier).toList();
    if (couriers.isEmpty()) {
      throw MusterException.of(
          "no member of " + topology.name() + " is reached by courier",
          "say so in the topology: access: {courier: {sealWith: {file: PATH}}}");
    }
    SealKeys keys = new SealKeys(redactor);
    List<MusterException> closed = new ArrayList<>();
    Optional<Receipt> stranger = Optional.empty();
    for (ClusterDeclaration member : couriers) {
      CourierAccess courier = member.access().courier().orElseThrow();
      Receipt receipt;
      try {
        receipt = Receipt.open(file.toString(), text, keys.of(courier));
      } catch (MusterException e) {
        closed.add(e); // It may be another member's, with a key of its own.
        continue;
      }
      if (!isOf(member, receipt)) {
        stranger = Optional.of(receipt);
        continue;
      }
      check(file, receipt, member, topology, last(member, courier, keys));
      WholeFile.secret(courier.receipt(), text);
      return told(receipt, courier);
    }
    if (stranger.isEmpty() && closed.size() == 1) {
      throw closed.get(0);
    }
    throw MusterException.of(
        stranger
            .map(
                receipt ->
                    file
                        + " is a receipt of "
                        + receipt.member()
                        + " of topology "
                        + receipt.topology()
                        + ", which this one does not reach by courier")
            .orElse(
                file + " is opened by the key of none of the members that are reached by courier"),
        "take the right receipt, or the topology that its bundle was made from");
  }

  private static String told(Receipt receipt, CourierAccess courier) {
    String done =
        receipt.steps().entrySet().stream()
            .map(step -> step.getKey() + " " + step.getValue())
            .collect(Collectors.joining(", "));
    return "receipt of %s of %s, kept as %s: %s"
        .formatted(
            receipt.member(),
            receipt.made(),
            courier.receipt().getFileName(),
            done.isEmpty() ? "the run there has not ended" : done);
  }

  /** A member that is renamed is known by its former name until a bundle has told it. */
  private static boolean isOf(ClusterDeclaration member, Receipt receipt) {
    return receipt.member().equals(member.name()) || receipt.member().equals(member.formerName());
  }

  private static void check(
      Path file,
      Receipt receipt,
      ClusterDeclaration member,
      Topology topology,
      Optional<Receipt> last) {
    String uid = receipt.state().uid();
    String known =
        member.uid().isEmpty() ? last.map(r -> r.state().uid()).orElse("") : member.uid();
    if (!receipt.topology().equals(topology.name())) {
      refuse(file, "is a receipt for topology " + receipt.topology() + ", not " + topology.name());
    }
    if (!known.isEmpty() && !known.equalsIgnoreCase(uid)) {
      refuse(
          file,
          "is of another cluster than %s: its kube-system UID is %s, known is %s"
              .formatted(member.name(), uid, known));
    }
    if (last.isPresent() && receipt.made().isBefore(last.get().made())) {
      refuse(file, "is older than the one of " + last.get().made() + " that is here already");
    }
  }

  private static void refuse(Path file, String why) {
    throw new RefusedException(
        List.of(
            Problem.error(
                Where.file(file.toString()), "this receipt " + why, "take the right receipt")));
  }
}
