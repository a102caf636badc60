/**
 * What starts muster from time to time: lines for cron, units for systemd, a CronJob for
 * Kubernetes. Refuses to install anything and to hold a secret. Entry points: {@link
 * dev.muster.schedule.Crontab}, {@link dev.muster.schedule.Units}, {@link
 * dev.muster.schedule.CronJob}.
 */
@NullMarked
package dev.muster.schedule;

import org.jspecify.annotations.NullMarked;
