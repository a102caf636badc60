package dev.muster.cli;

import dev.muster.drift.Healing;
import dev.muster.session.Rollback;
import dev.muster.session.RotationRun;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How a change set is to be run.
 *
 * @param healing lets through only what has drifted; empty for all that is to be done
 * @param simulated whether the clusters are played, so that nobody is asked and nothing is kept
 */
record ApplyOptions(
    Optional<Path> saved,
    Optional<RotationRun.Request> rotation,
    boolean yes,
    Optional<RunOptions.DryRun> dryRun,
    int parallel,
    Optional<Integer> stopAfter,
    boolean prune,
    Optional<Integer> maxRemove,
    RecordOptions records,
    boolean events,
    Optional<Path> receipt,
    CourierFlow.Options courier,
    Optional<Healing> healing,
    boolean simulated) {
  /** The same with what concerns members that are reached by courier. */
  ApplyOptions withCourier(Optional<Path> receiptOf, CourierFlow.Options how) {
    return new ApplyOptions(
        saved, rotation, yes, dryRun, parallel, stopAfter, prune, maxRemove, records, events,
        receiptOf, how, healing, simulated);
  }

  /** The same, of which only what has drifted is done. */
  ApplyOptions healing(Healing lens) {
    return new ApplyOptions(
        saved,
        rotation,
        yes,
        dryRun,
        parallel,
        stopAfter,
        prune,
        maxRemove,
        records,
        events,
        receipt,
        courier,
        Optional.of(lens),
        simulated);
  }

  /** The same for going back to what a run declared. */
  ApplyOptions withRollback(Rollback rollback) {
    RecordOptions going =
        new RecordOptions(
            records.keep(),
            records.push(),
            records.forward(),
            Optional.of(rollback),
            records.accepted());
    return new ApplyOptions(
        saved, rotation, yes, dryRun, parallel, stopAfter, prune, maxRemove, going, events, receipt,
        courier, healing, simulated);
  }

  Optional<Rollback> rollback() {
    return records.rollback();
  }

  /** The same on clusters that are played. */
  ApplyOptions onStage() {
    return new ApplyOptions(
        Optional.empty(),
        rotation,
        true,
        Optional.empty(),
        parallel,
        stopAfter,
        false,
        maxRemove,
        RecordOptions.none(),
        events,
        Optional.empty(),
        CourierFlow.Options.none(),
        Optional.empty(),
        true);
  }
}
