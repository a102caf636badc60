/**
 * What starts muster from time to time, or once for good: lines for cron, units for systemd, a
 * CronJob or a Deployment for Kubernetes. Refuses to install anything and to hold a secret. Entry
 * points: {@link dev.muster.schedule.Crontab}, {@link dev.muster.schedule.Units}, {@link
 * dev.muster.schedule.CronJob}, {@link dev.muster.schedule.Deployment}.
 */
@NullMarked
package dev.muster.schedule;

import org.jspecify.annotations.NullMarked;
