/**
 * Says what the records of runs mean: which run set a field, what differs between two runs, what
 * one of them did. Refuses to know how a record is stored and how a run is made, and asks no
 * cluster. Entry point: {@link dev.muster.records.Archive}.
 */
@NullMarked
package dev.muster.records;

import org.jspecify.annotations.NullMarked;
