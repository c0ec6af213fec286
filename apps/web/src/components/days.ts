const dayMs = 24 * 60 * 60 * 1000;

/** Whether a CA has told the day and nothing more: such a day is kept as its first or its last second in UTC. */
export function isBareDay(at: string): boolean {
  return /T(?:00:00:00|23:59:59)\.000Z$/.test(at);
}

/** The zone whose day it is. A bare day is the same one everywhere: elsewhere it begins or ends on another. */
export function zoneOf(at: string, ownZone: string): string {
  return isBareDay(at) ? "UTC" : ownZone;
}

/** How many midnights of the zone lie between now and then: 0 today, 1 tomorrow, however many hours that is. */
export function daysUntil(at: string, now: Date, ownZone: string): number {
  const timeZone = zoneOf(at, ownZone);
  return dayOf(new Date(at), timeZone) - dayOf(now, timeZone);
}

function dayOf(date: Date, timeZone: string): number {
  // The Swedish form is that of ISO 8601.
  return Date.parse(date.toLocaleDateString("sv-SE", { timeZone })) / dayMs;
}
