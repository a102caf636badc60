package dev.muster.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.live.Failure;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Two runners and the Lease between them, in time that the test lets pass. */
final class LeaseLockTest {
  private static final Holder ELSEWHERE = new Holder("ann@there", "", 0);

  private final LeaseHost host = new LeaseHost();
  private final Time time = new Time();
  private final List<String> notes = new ArrayList<>();
  private final List<LeaseLock> locks = new ArrayList<>();
  private boolean stopped;

  /** Time for all: goes on only where somebody waits, and then things can happen. */
  private static final class Time implements Ticks {
    private final Instant start = Instant.parse("2026-11-26T07:00:00Z");
    private long nanos;
    private Runnable meanwhile = () -> {};

    @Override
    public long nanos() {
      return nanos;
    }

    @Override
    public void pause(Duration length) {
      nanos += length.toNanos();
      meanwhile.run();
    }

    /** A clock on the wall of somebody whose clock is wrong by so much. */
    Clock wrongBy(Duration skew) {
      return new Clock() {
        @Override
        public ZoneId getZone() {
          return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
          return this;
        }

        @Override
        public Instant instant() {
          return start.plusNanos(nanos).plus(skew);
        }
      };
    }
  }

  @AfterEach
  void end() {
    locks.forEach(LeaseLock::close);
  }

  private LeaseLock.Attempt take(String run, Duration skew) {
    LeaseLock.Attempt attempt =
        LeaseLock.take(
            host,
            "acme",
            new LeaseLock.Claimant(run, ELSEWHERE, time.wrongBy(skew), () -> stopped, notes::add),
            time);
    if (attempt instanceof LeaseLock.Attempt.Taken taken) {
      locks.add(taken.lock());
    }
    return attempt;
  }

  private LeaseLock taken(String run, Duration skew) {
    LeaseLock.Attempt attempt = take(run, skew);
    assertThat(attempt).isInstanceOf(LeaseLock.Attempt.Taken.class);
    return ((LeaseLock.Attempt.Taken) attempt).lock();
  }

  private LeaseLock taken(String run) {
    return taken(run, Duration.ZERO);
  }

  /** A holder that is at work looks at its lock from time to time. */
  private void atWork(LeaseLock holder) {
    time.meanwhile = () -> assertThat(holder.held()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"-PT10M", "-PT1M", "PT0S", "PT1M", "PT10M", "P365D"})
  void aHolderAtWorkKeepsItsLockWhateverTheOthersClockSays(Duration skew) {
    LeaseLock first = taken("run-1");
    atWork(first);
    assertThat(take("run-2", skew)).isInstanceOf(LeaseLock.Attempt.Busy.class);
    assertThat(first.held()).isTrue();
    assertThat(host.landed).allMatch(holder -> holder.startsWith("run-1 "));
    assertThat(time.since(0)).isLessThan(Duration.ofSeconds(10));
    assertThat(notes).hasSize(skew.isZero() ? 0 : 1);
  }

  @ParameterizedTest
  @CsvSource({"-PT10M", "-PT1M", "PT0S", "PT1M", "PT10M"})
  void aHolderThatIsGoneIsFollowedAfterItsTimeWhateverTheClocksSay(Duration skew) {
    taken("run-1", skew);
    time.pause(Duration.ofSeconds(61));
    LeaseLock.Attempt second = take("run-2", Duration.ZERO);
    // By a clock that is a minute ahead it was renewed just now: not looked at before that is over.
    while (second instanceof LeaseLock.Attempt.Busy && time.nanos() < 150_000_000_000L) {
      time.pause(Duration.ofSeconds(10));
      second = take("run-2", Duration.ZERO);
    }
    assertThat(second).isInstanceOf(LeaseLock.Attempt.Taken.class);
    assertThat(time.since(0)).isBetween(Duration.ofSeconds(121), Duration.ofSeconds(195));
    assertThat(notes).singleElement().asString().contains("run-1", "looking for 60 s");
  }

  @Test
  void whoStillSeemsToBeAtWorkIsNotWaitedFor() {
    taken("run-1");
    time.pause(Duration.ofSeconds(55));
    LeaseLock.Attempt attempt = take("run-2", Duration.ZERO);
    assertThat(attempt)
        .isInstanceOfSatisfying(
            LeaseLock.Attempt.Busy.class,
            busy -> {
              assertThat(busy.holder().runId()).isEqualTo("run-1");
              assertThat(busy.holder().by().who()).isEqualTo("ann@there");
            });
    assertThat(time.since(0)).isEqualTo(Duration.ofSeconds(55));
  }

  @ParameterizedTest
  @ValueSource(strings = {"-PT10M", "PT0S", "PT10M"})
  void aStoppedHolderThatWakesAfterATakeoverHoldsNothing(Duration skew) {
    LeaseLock first = taken("run-1", skew);
    time.pause(Duration.ofMinutes(2));
    LeaseLock second = taken("run-2");
    int before = host.landed.size();
    assertThat(first.held()).isFalse();
    assertThat(first.why()).contains("taken over by run run-2");
    first.close();
    assertThat(host.landed).hasSize(before);
    assertThat(second.held()).isTrue();
  }

  @Test
  void aHolderLosesALockThatWasReleasedAndTakenWithinItsTime() {
    LeaseLock first = taken("run-1");
    time.pause(Duration.ofSeconds(6));
    host.remove();
    taken("run-2");
    assertThat(first.held()).isFalse();
    assertThat(first.why()).contains("taken over by run run-2");
  }

  /** It stands in messages, and anybody who may write Leases says it. */
  @Test
  void aHolderIsOneShortLine() {
    ObjectNode lease = JsonNodeFactory.instance.objectNode();
    lease
        .putObject("spec")
        .put("holderIdentity", "x by ann@there\nerror: all is lost " + "z".repeat(9_000));

    LeaseLock.Held held = LeaseLock.holder(lease, Clock.systemUTC()).orElseThrow();

    assertThat(held.run())
        .startsWith("run x of ann@there error: all is lost ")
        .doesNotContain("\n");
    assertThat(held.run().length()).isLessThan(2_100);
  }

  @Test
  void aStoppedHolderWhoseLockNobodyTookGoesOn() {
    LeaseLock first = taken("run-1");
    time.pause(Duration.ofHours(3));
    assertThat(first.held()).isTrue();
    assertThat(host.landed).hasSize(2);
  }

  @Test
  void aDeletedLeaseIsNotWonBackByItsHolder() {
    LeaseLock first = taken("run-1");
    time.pause(Duration.ofSeconds(6));
    host.remove();
    assertThat(first.held()).isFalse();
    assertThat(first.why()).contains("released by hand");
    assertThat(host.landed).hasSize(1);
  }

  /** Found by the fault sweep: a run gave up its lock for one wrong 404, and left it held. */
  @Test
  void aLeaseThatIsWronglySaidToBeGoneIsStillHeldAndGivenBack() {
    LeaseLock first = taken("run-1");
    time.pause(Duration.ofSeconds(6));
    host.denyWrites(1);
    assertThat(first.held()).isTrue();
    assertThat(host.landed).hasSize(2);

    host.denyWrites(2);
    first.close();
    assertThat(host.spec().path("holderIdentity").asText()).isEmpty();
    assertThat(notes).isEmpty();
  }

  @Test
  void aLeaseThatIsSaidToBeGoneForGoodIsHeldUntilItsTimeIsOver() {
    LeaseLock first = taken("run-1");
    host.denyWrites(100);
    time.pause(Duration.ofSeconds(6));
    assertThat(first.held()).isTrue();
    time.pause(Duration.ofSeconds(40));
    assertThat(first.held()).isFalse();
    assertThat(first.why()).contains("could not be renewed (NOT_FOUND)");
    first.close();
    assertThat(notes).singleElement().asString().contains("could not be given back (NOT_FOUND)");
  }

  @Test
  void aLeaseWithoutAHolderIsFreeAndItsOldHolderHasLostIt() {
    LeaseLock first = taken("run-1");
    host.edit(spec -> spec.put("holderIdentity", ""));
    LeaseLock second = taken("run-2");
    assertThat(time.since(0)).isZero();
    time.pause(Duration.ofSeconds(6));
    assertThat(first.held()).isFalse();
    assertThat(second.held()).isTrue();
  }

  @Test
  void aLeaseThatWasEditedByHandIsPutRightByItsHolder() {
    LeaseLock first = taken("run-1");
    host.edit(
        spec ->
            spec.put("renewTime", "1970-01-01T00:00:00.000000Z").put("leaseDurationSeconds", 1));
    time.pause(Duration.ofSeconds(6));
    assertThat(first.held()).isTrue();
    assertThat(host.spec().path("leaseDurationSeconds").asInt()).isEqualTo(60);
    assertThat(host.spec().path("renewTime").asText()).isEqualTo("2026-11-26T07:00:06.000000Z");
    assertThat(host.spec().path("acquireTime").asText()).isEqualTo("2026-11-26T07:00:00.000000Z");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-60", "1", "315360000", "9223372036854775807", "null", "\"soon\""})
  void anAbsurdDurationNeitherShortensNorLengthensTheLookAtIt(String duration) throws Exception {
    LeaseLock first = taken("run-1");
    var absurd = new com.fasterxml.jackson.databind.ObjectMapper().readTree(duration);
    host.edit(spec -> spec.set("leaseDurationSeconds", absurd));
    // At work, and with a lease that says that it has run out long ago: not displaced.
    host.edit(spec -> spec.put("renewTime", "2026-11-26T06:00:00.000000Z"));
    atWork(first);
    assertThat(take("run-2", Duration.ZERO)).isInstanceOf(LeaseLock.Attempt.Busy.class);
    assertThat(first.held()).isTrue();

    // Gone: followed after a minute.
    time.meanwhile = () -> {};
    host.edit(spec -> spec.set("leaseDurationSeconds", absurd));
    time.pause(Duration.ofMinutes(2));
    long start = time.nanos();
    taken("run-2");
    assertThat(time.since(start)).isBetween(Duration.ofSeconds(60), Duration.ofSeconds(64));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "yesterday", "9999-12-31T23:59:59.000000Z", "-1000000000-01-01T00:00:00Z"})
  void aRenewalAtNoPossibleTimeIsLookedAt(String renewed) {
    taken("run-1");
    host.edit(spec -> spec.put("renewTime", renewed).put("holderIdentity", "by hand"));
    LeaseLock second = taken("run-2");
    assertThat(time.since(0)).isGreaterThanOrEqualTo(Duration.ofSeconds(60));
    assertThat(second.held()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"FORBIDDEN, leases is forbidden", "SERVER_ERROR, the server is overloaded"})
  void aHolderWhoseRenewalsFailStopsBeforeItsTimeIsOver(Failure.Kind kind, String message) {
    LeaseLock first = taken("run-1");
    time.pause(Duration.ofSeconds(4));
    host.failWith(kind, message);
    time.pause(Duration.ofSeconds(35));
    assertThat(first.held()).isTrue();
    time.pause(Duration.ofSeconds(1));
    assertThat(first.held()).isFalse();
    assertThat(first.why()).contains("could not be renewed", message);

    // It is still its own, and nobody else has it.
    host.answerAgain();
    assertThat(first.held()).isTrue();
  }

  @Test
  void aHostThatDoesNotAnswerInTheEndLeavesTheLockWhereItIs() {
    taken("run-1");
    time.pause(Duration.ofMinutes(2));
    time.meanwhile = () -> host.failWith(Failure.Kind.SERVER_ERROR, "overloaded");
    assertThat(take("run-2", Duration.ZERO)).isInstanceOf(LeaseLock.Attempt.Busy.class);
  }

  @Test
  void aLockThatIsGivenBackWhileItIsLookedAtIsTakenAtOnce() {
    LeaseLock first = taken("run-1");
    time.pause(Duration.ofMinutes(2));
    long start = time.nanos();
    time.meanwhile = first::close;
    taken("run-2");
    assertThat(time.since(start)).isEqualTo(Duration.ofSeconds(2));
  }

  @Test
  void oneThatWaitsCanBeStopped() {
    taken("run-1");
    time.pause(Duration.ofMinutes(2));
    time.meanwhile = () -> stopped = true;
    assertThat(take("run-2", Duration.ZERO)).isInstanceOf(LeaseLock.Attempt.Busy.class);
    assertThat(host.landed).hasSize(1);
  }

  @Test
  void twoRunsInOneProcessExcludeEachOther() {
    LeaseLock.Claimant here = LeaseLock.Claimant.of("run-1", Holder.here());
    LeaseLock.Attempt one = LeaseLock.take(host, "acme", here);
    assertThat(one).isInstanceOf(LeaseLock.Attempt.Taken.class);
    try (LeaseLock lock = ((LeaseLock.Attempt.Taken) one).lock()) {
      LeaseLock.Claimant other = LeaseLock.Claimant.of("run-2", Holder.here());
      assertThat(LeaseLock.take(host, "acme", other)).isInstanceOf(LeaseLock.Attempt.Busy.class);
      assertThat(lock.held()).isTrue();
    }
    assertThat(host.spec().path("holderIdentity").asText()).isEmpty();
  }

  @Test
  void aHolderOfThisMachineWhoseProcessIsGoneIsFollowedAtOnce() throws Exception {
    Process gone = new ProcessBuilder("true").start();
    gone.waitFor();
    Holder here = Holder.here();
    Holder dead = new Holder(here.who(), here.machine(), gone.pid());
    LeaseLock.Attempt one =
        LeaseLock.take(
            host,
            "acme",
            new LeaseLock.Claimant(
                "run-1", dead, time.wrongBy(Duration.ZERO), () -> false, notes::add),
            time);
    locks.add(((LeaseLock.Attempt.Taken) one).lock());
    taken("run-2");
    assertThat(time.since(0)).isZero();
  }

  @Test
  void aWriteThatWaitedTooLongAfterTheLockWasProvenAsksAgain() {
    LeaseLock lock = taken("run-1");
    assertThat(lock.stands()).isFalse();
    assertThat(lock.refusal()).isEmpty();
    time.pause(Duration.ofSeconds(9));
    assertThat(lock.stands()).isTrue();
    time.pause(Duration.ofSeconds(1));
    assertThat(lock.stands()).isFalse();
    assertThat(lock.refusal()).isEmpty();
    assertThat(lock.stands()).isTrue();
  }

  @Test
  void whoLearnsThatTheLockIsLostStopsTheWritesOfAllOthersToo() {
    LeaseLock lock = taken("run-1");
    time.pause(Duration.ofSeconds(6));
    assertThat(lock.refusal()).isEmpty();
    host.remove();
    time.pause(Duration.ofSeconds(6));
    assertThat(lock.stands()).isTrue();
    assertThat(lock.refusal())
        .hasValueSatisfying(why -> assertThat(why.message()).contains("released by hand"));
    assertThat(lock.stands()).isFalse();
  }

  @Test
  void aHolderThatWakesWhenAllIsOverLearnsWhoTookItsLock() {
    LeaseLock first = taken("run-1");
    time.pause(Duration.ofSeconds(6));
    host.remove();
    taken("run-2").close();
    assertThat(first.held()).isFalse();
    assertThat(first.why()).contains("was taken over by run run-2 of ann@there, which has ended");
  }

  @Test
  void aLockWhoseAnswerGotLostIsTakenAllTheSame() {
    host.loseAnswers(1);
    LeaseLock first = taken("run-1");
    assertThat(first.held()).isTrue();
    assertThat(host.landed).hasSize(1);
    first.close();
    host.loseAnswers(1);
    assertThat(taken("run-2").held()).isTrue();
    assertThat(host.landed).last().asString().startsWith("run-2 ");
  }

  @Test
  void aLockThatWasNeverAskedForIsNotTaken() {
    host.loseRequests(1);
    assertThatThrownBy(() -> take("run-1", Duration.ZERO))
        .hasMessageContaining("cannot take the lock");
    assertThat(host.landed).isEmpty();
  }

  @Test
  void aLockIsGivenBackAlthoughARequestOrAnAnswerGetsLost() {
    LeaseLock first = taken("run-1");
    host.loseRequests(2);
    first.close();
    assertThat(host.spec().path("holderIdentity").asText()).isEmpty();

    LeaseLock second = taken("run-2");
    host.loseAnswers(1);
    second.close();
    assertThat(host.spec().path("holderIdentity").asText()).isEmpty();
    assertThat(host.landed).hasSize(4);

    LeaseLock third = taken("run-3");
    host.edit(spec -> spec.put("renewTime", "2026-01-01T00:00:00.000000Z"));
    third.close();
    assertThat(host.spec().path("holderIdentity").asText()).isEmpty();
  }

  @Test
  void aLockThatCannotBeGivenBackIsToldAndRunsOut() {
    LeaseLock first = taken("run-1");
    host.failWith(Failure.Kind.TIMEOUT, "no answer within 30 s");
    first.close();
    assertThat(notes)
        .singleElement()
        .asString()
        .contains("could not be given back (no answer within 30 s)", "within 60 s", "lock release");

    host.answerAgain();
    time.pause(Duration.ofSeconds(61));
    taken("run-2").close();
    assertThat(host.spec().path("holderIdentity").asText()).isEmpty();
  }

  @Test
  void aLockThatIsSomebodyElsesByNowIsNotToldToBeKept() {
    LeaseLock first = taken("run-1");
    host.edit(spec -> spec.put("holderIdentity", "run-2 by bob@there"));
    first.close();
    host.remove();
    LeaseLock third = taken("run-3");
    host.remove();
    third.close();
    assertThat(notes).isEmpty();
  }
}
