package dev.muster.testbed;

/** A program that starts a fleet, says where, and waits to be killed. */
final class KilledFleet {
  private KilledFleet() {}

  @SuppressWarnings("SystemOut") // It is a program: this is its answer.
  public static void main(String[] arguments) throws InterruptedException {
    TestFleet fleet = TestFleet.start("host");
    System.out.println(fleet.folder());
    Thread.sleep(120_000);
    fleet.close();
  }
}
