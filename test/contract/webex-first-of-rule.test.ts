import { createRemediation } from '../../activities/remediation.js';
import { failures } from '../../domain/failures.js';
import { LedgerBench, unlimited } from '../support/ledger.js';
import { ScriptedVendor } from '../support/scripted-vendor.js';
import { noLists } from '../support/specs.js';
import { aMeeting, failureOf, HOST, items, occurrenceId, REF, subject, type Json } from '../support/webex-answers.js';

const mockContext = { info: { heartbeatDetails: undefined } };
jest.mock('@temporalio/activity', () => ({ activityInfo: () => ({ attempt: 1, activityId: '1' }), heartbeat: () => undefined, Context: { current: () => mockContext } }));

const vendor = ScriptedVendor.inThisFile();
const bench = LedgerBench.inThisFile();

/** Whole months from the next one on: whenever this runs, none of them has begun. */
const month = (n: number): Date => {
  const now = new Date();
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 2 + n, 1, 10));
};
const onDay = (n: number, date: number): string => new Date(month(n).getTime() + (date - 1) * 86_400_000).toISOString();
const mondayOf = (n: number, which: number): string => onDay(n, 1 + ((8 - month(n).getUTCDay()) % 7) + 7 * (which - 1));
const months = (count: number): readonly number[] => Array.from({ length: count }, (_, n) => n);

const later = (start: string): string => new Date(Date.parse(start) + 3_600_000).toISOString();
const aSeries = (id: string, number: string, recurrence: string, [start = '']: readonly string[]): Json =>
  aMeeting({ id, meetingNumber: number, webLink: `https://meet.example.org/${id}`, sipAddress: `${number}@meet.example.org`, telephony: { accessCode: number }, password: `Pw-${id}-1`, recurrence, start, end: later(start) });

/** A server that holds a series at these times, whatever its rule says. */
function holds(series: Json, starts: readonly string[]): void {
  const id = String(series['id']);
  const all = starts.map((start) => ({ ...series, recurrence: undefined, id: occurrenceId(series, start), meetingSeriesId: id, meetingType: 'scheduledMeeting', start, end: later(start) }));
  vendor.on('GET', `/meetings/${id}`, { body: series }).on('GET', '/meetings', items(...all), { meetingSeriesId: id });
  for (const occurrence of all) vendor.on('GET', `/meetings/${occurrence.id}`, { body: occurrence });
}

const monthly = (by: string): string => `FREQ=MONTHLY;INTERVAL=1;${by};COUNT=8`;
const mondays = months(4).flatMap((n) => [mondayOf(n, 1), mondayOf(n, 3)]);
const days = months(4).flatMap((n) => [onDay(n, 5), onDay(n, 20)]);

test.each<[string, string, readonly string[], readonly string[]]>([
  ['BYDAY=1MO,3MO', 'BYDAY=1MO,3MO', mondays, months(8).map((n) => mondayOf(n, 1))],
  ['BYDAY=1MO,3MO', 'BYDAY=1MO', mondays, months(8).map((n) => mondayOf(n, 1))],
  ['BYMONTHDAY=5,20', 'BYMONTHDAY=5,20', days, months(8).map((n) => onDay(n, 5))],
  ['BYMONTHDAY=5,20', 'BYMONTHDAY=5', days, months(8).map((n) => onDay(n, 5))],
])('a vendor that takes of %s the first only, and shows %s, has its replacement undone: its occurrences differ', async (by, shown, starts, made) => {
  holds(aSeries('m1', '25501110001', monthly(by), starts), starts);
  vendor.on('GET', '/meetingInvitees', items()).on('GET', '/meetings/trackingCodes', { status: 404 });
  const answer = aSeries('m2', '25501110002', monthly(shown), made);
  vendor.on('POST', '/meetings', () => {
    holds(answer, made);
    return { body: answer };
  });
  const ref = await bench.started(REF.id, HOST);
  const steps = createRemediation({ ledger: bench.ledger, vendor: subject(vendor.baseUrl).webex, lists: noLists(), identity: 'ops-1', quota: unlimited, listLagMs: 0 });
  expect(await steps.snapshotLegacy(ref)).toMatchObject({ status: 'ready' });
  await steps.ensureReplacement(ref);
  expect(vendor.to('POST', '/meetings')[0]?.body).toMatchObject({ recurrence: monthly(by) });

  const failure = await failureOf(steps.verifyReplacement(ref));
  expect([failure.type, failure.facts.fields?.includes('occurrences'), failures[failure.type].then]).toEqual(['VerificationFailed', true, 'undo']);
  vendor.on('DELETE', '/meetings/m2', { status: 204 });
  await steps.removeReplacement(ref);
  expect(vendor.asked.filter(({ method }) => method === 'DELETE').map(({ path }) => path)).toEqual(['/meetings/m2']);
  expect((await bench.ledger.items.get(ref)).replacement).toBeNull();
});
