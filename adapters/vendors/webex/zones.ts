import { atWall, hasSlots, ruleOf } from './recurrence.js';
import type { Meeting } from './schema.js';

const UTC = 'UTC';

/**
 * A meeting as it was planned. The vendor shows times in the zone that the request names, UTC when it names none, and says so in `timezone`: by the
 * examples of its document a series planned in Asia/Shanghai is answered as one in UTC, with the rule of Shanghai. So UTC says nothing of the zone, while
 * another one, which nobody asked for, does.
 * @param timezone in which it was planned, as far as known: that of its host, as a rule
 */
export const inZone = <T extends Pick<Meeting, 'timezone'>>(meeting: T, timezone: string | undefined): T => (timezone !== undefined && meeting.timezone === UTC ? { ...meeting, timezone } : meeting);

/**
 * The zone in which the rule of this series puts all these occurrences; the meeting's own continent comes first. `undefined` when there is none.
 * Zones that agree on all of them cannot be told apart, and need not be: what is planned in one is held at the same times as in the other.
 * @param originals when the rule has occurrences, by the vendor. Milliseconds since the epoch
 */
export function zoneThatFits(meeting: Meeting, recurrence: string, originals: readonly number[]): string | undefined {
  return [UTC, ...byContinent(meeting.timezone)].find((timezone) => isMostlyOneTime(some(originals), timezone) && hasSlots(ruleOf({ ...meeting, timezone }, recurrence), originals));
}

/** Whether the clocks of the zone show the same at most of them: quickly told, and true of a series whose time a change of clocks leaves out once. */
function isMostlyOneTime(moments: readonly number[], timezone: string): boolean {
  const times = moments.map((moment) => atWall(moment, timezone).slice(11)).sort();
  const middle = times[Math.floor(times.length / 2)];
  return times.filter((time) => time === middle).length * 2 >= times.length;
}

/** So many of them, over all of their time. */
const some = (moments: readonly number[]): readonly number[] => moments.filter((_, i) => i % Math.ceil(moments.length / SOME) === 0);
const SOME = 6;

function byContinent(timezone: string): readonly string[] {
  const [continent] = timezone.split('/');
  const isNear = (zone: string): boolean => zone.split('/')[0] === continent;
  const zones = Intl.supportedValuesOf('timeZone');
  return [...zones.filter(isNear), ...zones.filter((zone) => !isNear(zone))];
}
