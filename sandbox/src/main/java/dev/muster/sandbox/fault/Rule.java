package dev.muster.sandbox.fault;

import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Which requests are met by a fault.
 *
 * @param where asked of each request until the rule is used up
 * @param times how many requests it meets
 * @param fault what becomes of them
 * @param moment runs where the fault cuts the exchange: before the server has heard of a request
 *     that gets lost, after the server has acted where the answer gets lost; a place to kill
 *     somebody
 */
public record Rule(Predicate<Request> where, int times, Fault fault, Consumer<Request> moment) {
  public static Rule once(Predicate<Request> where, Fault fault) {
    return new Rule(where, 1, fault, request -> {});
  }

  /** The k-th request of all, counted from 1. */
  public static Rule nth(int number, Fault fault) {
    return once(request -> request.number() == number, fault);
  }

  public static Rule at(Request.Point point, Fault fault) {
    return once(point::matches, fault);
  }

  /** As long as the rule is there. */
  public static Rule always(Predicate<Request> where, Fault fault) {
    return new Rule(where, Integer.MAX_VALUE, fault, request -> {});
  }

  public Rule times(int newTimes) {
    return new Rule(where, newTimes, fault, moment);
  }

  public Rule then(Consumer<Request> newMoment) {
    return new Rule(where, times, fault, newMoment);
  }
}
