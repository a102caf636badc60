package dev.muster.cli;

import dev.muster.changes.RefusedException;
import dev.muster.courier.Receipt;
import dev.muster.courier.RecordedCluster;
import dev.muster.courier.Seal;
import dev.muster.live.Cluster;
import dev.muster.problem.MusterException;
import dev.muster.problem.Problem;
import dev.muster.problem.Where;
import dev.muster.resource.Redactor;
import dev.muster.topology.ClusterDeclaration;
import dev.muster.topology.CourierAccess;
import dev.muster.topology.Topology;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;

/** Receipts at home: where the last one of each member is kept, and how a new one is taken in. */
final class Receipts {
  private Receipts() {}

  /** The member as its last receipt shows it, or as one that cannot be reached. */
  static Cluster cluster(ClusterDeclaration member, CourierAccess courier, Redactor redactor) {
    Optional<Receipt> last = last(member, courier, redactor);
    String why =
        last.map(r -> "it is known by its receipt of " + r.made() + " only")
            .orElse("it is reached by courier, and no receipt of it is here yet");
    return new RecordedCluster(
        member.name(),
        last.map(Receipt::state),
        why + "; muster plan --for " + member.name() + " --bundle FILE packs what it needs");
  }

  static Optional<Receipt> last(
      ClusterDeclaration member, CourierAccess courier, Redactor redactor) {
    if (!Files.exists(courier.receipt())) {
      return Optional.empty();
    }
    String text = Loader.read(courier.receipt(), "receipt");
    Receipt receipt =
        Receipt.open(courier.receipt().toString(), text, SealKeys.of(courier, redactor));
    if (!receipt.member().equals(member.name())) {
      throw MusterException.of(
          courier.receipt() + " is a receipt of " + receipt.member() + ", not of " + member.name(),
          "name another file under access.courier.receipt");
    }
    return Optional.of(receipt);
  }

  /**
   * Puts a receipt that came back in the place of the last one.
   *
   * @throws MusterException when it cannot be opened
   * @throws RefusedException when it is of another cluster, or older than the last
   */
  static Receipt take(Path file, Topology topology, Redactor redactor) {
    String text = Loader.read(file, "receipt");
    List<ClusterDeclaration> couriers =
        topology.members().stream().filter(ClusterDeclaration::courier).toList();
    MusterException told =
        MusterException.of(
            "no member of " + topology.name() + " is reached by courier",
            "say so in the topology: access: {courier: {sealWith: {file: PATH}}}");
    for (ClusterDeclaration member : couriers) {
      CourierAccess courier = member.access().courier().orElseThrow();
      Seal seal = SealKeys.of(courier, redactor);
      try {
        Receipt receipt = Receipt.open(file.toString(), text, seal);
        if (receipt.member().equals(member.name())) {
          check(file, receipt, member, topology, last(member, courier, redactor));
          keep(text, courier.receipt());
          return receipt;
        }
        told =
            MusterException.of(
                file + " is a receipt of " + receipt.member() + ", which is not reached by courier",
                "take the topology that its bundle was made from");
      } catch (MusterException e) {
        told = e;
      }
    }
    throw told;
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
      refuse(file, "is older than the receipt of " + last.get().made() + " that is here");
    }
  }

  private static void refuse(Path file, String why) {
    throw new RefusedException(
        List.of(
            Problem.error(
                Where.file(file.toString()), "this receipt " + why, "take the right receipt")));
  }

  private static void keep(String text, Path place) {
    try {
      Path next = place.resolveSibling(place.getFileName() + ".new");
      Files.writeString(next, text);
      Files.move(next, place, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw MusterException.of("cannot write " + place + ": " + e.getMessage());
    }
  }
}
