import type { Instant } from '../../../domain/meeting.js';

/** `<series>_20240902T070000Z`: by the start that the rule gives the occurrence, also when it was moved. */
export const occurrenceId = (series: string, original: Instant): string => `${series}_${original.replace(/\.\d+/, '').replace(/[-:]/g, '')}`;

/** `undefined` for an id of another form. */
export function originalStart(id: string | undefined, series: string): Instant | undefined {
  const [, year, month, day, hour, minute, second] = /_(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(id ?? '') ?? [];
  const start = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return id?.startsWith(`${series}_`) === true && !Number.isNaN(start) ? new Date(start).toISOString() : undefined;
}
