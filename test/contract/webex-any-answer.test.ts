import fc from 'fast-check';
import { RelinkFailure } from '../../domain/failures.js';
import { ScriptedVendor } from '../support/scripted-vendor.js';
import { aHost, aMeeting, anInvitee, aSeries, aWindow, items, occurrencesOf, policy, REF, subject, type Json } from '../support/webex-answers.js';

const vendor = ScriptedVendor.inThisFile();
const RUNS = { numRuns: 100 };

/** Of another type, or of the same type and without sense. */
const nonsense = fc.oneof(fc.constantFrom<unknown>(undefined, null, '', 0, -1, true, [], {}, 'next tuesday', '2027-02-31T10:00:00Z', '+275761-01-01T00:00:00Z'), fc.jsonValue({ maxDepth: 2 }), fc.string());

/** A valid meeting with some of its fields dropped or retyped. */
const mutated = fc.constantFrom(aMeeting(), aSeries({ integrationTags: ['a'], agenda: 'Sprent', roomId: undefined })).chain((meeting) =>
  fc
    .dictionary(fc.constantFrom(...Object.keys(meeting), 'agenda', 'recurrence', 'roomId', 'integrationTags', 'registration', 'simultaneousInterpretation', 'enabledBreakoutSessions'), nonsense, { minKeys: 1, maxKeys: 3 })
    .map((changes): Json => ({ ...meeting, ...changes })),
);

/** What the call gave; only a RelinkFailure may be thrown, and it quotes no value. */
async function settled<T>(call: Promise<T>): Promise<T | RelinkFailure> {
  return call.catch((cause: unknown) => {
    if (!(cause instanceof RelinkFailure)) throw new Error(`no RelinkFailure but ${String(cause)}`);
    expect(cause.message).not.toMatch(/Vorla|Teskum|tuesday|robin|Pw-legacy/);
    return cause;
  });
}

/** What the vendor shows of single occurrences, asked for by their ids. */
function oneByOne(body: unknown): void {
  for (const { id } of [...occurrencesOf(aSeries()), aSeries()]) {
    for (const part of ['', '/breakoutSessions', '/interpreters', '/registrants']) vendor.on('GET', `/meetings/${String(id)}${part}`, { body });
  }
}

test('whatever the vendor sends as a meeting, reading it gives a snapshot or a failure of the closed list', async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(mutated, fc.jsonValue({ maxDepth: 1 })), async (body) => {
      vendor.on('GET', '/meetings/m1', { body }).on('GET', '/meetings', items(...occurrencesOf(aSeries()))).on('GET', '/meetingInvitees', items(anInvitee('kim@example.org')));
      oneByOne(body);
      const read = await settled(subject(vendor.baseUrl).webex.readMeeting(REF, aWindow()));
      if (read instanceof RelinkFailure) expect(['VendorRefused', 'VendorUnavailable']).toContain(read.type);
      else expect(read).toHaveProperty('identity.id');
    }),
    RUNS,
  );
});

test('whatever the vendor lists beside a good meeting, the good one is listed', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(mutated, fc.jsonValue({ maxDepth: 1 })), { maxLength: 4 }), async (others) => {
      vendor.on('GET', '/meetings', items(...others, aMeeting({ id: 'good' }))).on('GET', '/meetings', items(...others), { meetingType: 'scheduledMeeting' });
      const { meetings } = await subject(vendor.baseUrl).webex.listMeetings(aHost, aWindow());
      expect(meetings.map(({ identity }) => identity.id)).toContain('good');
    }),
    RUNS,
  );
});

test('whatever can be read can be planned anew, or is refused by a failure of the closed list', async () => {
  await fc.assert(
    fc.asyncProperty(mutated, mutated, async (body, answer) => {
      oneByOne(answer);
      vendor.on('GET', '/meetings/m1', { body }).on('GET', '/meetings', items(...occurrencesOf(aSeries()))).on('GET', '/meetingInvitees', items()).on('POST', '/meetings', { body: answer });
      const { webex } = subject(vendor.baseUrl);
      const read = await settled(webex.readMeeting(REF, aWindow()));
      if (read === 'gone' || read instanceof RelinkFailure || read.refusal) return;
      const made = await settled(webex.createReplacement(read, policy, 'relink:t'));
      if (made instanceof RelinkFailure) expect(['NetworkAmbiguous', 'UnsupportedMeeting']).toContain(made.type);
    }),
    RUNS,
  );
});

test('whatever the vendor lists as occurrences or invitees, the meeting is read or fails in a way of the closed list', async () => {
  const entries = fc.array(fc.oneof(mutated, fc.jsonValue({ maxDepth: 1 })), { maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(entries, entries, fc.oneof(mutated, fc.jsonValue({ maxDepth: 1 })), async (occurrences, invitees, one) => {
      oneByOne(one);
      vendor.on('GET', '/meetings/m1', { body: aSeries() }).on('GET', '/meetings', items(...occurrences)).on('GET', '/meetingInvitees', items(...invitees));
      await settled(subject(vendor.baseUrl).webex.readMeeting(REF, aWindow()));
      vendor.on('GET', '/meetings/m1', { body: aMeeting() });
      await settled(subject(vendor.baseUrl).webex.readMeeting(REF, aWindow()));
    }),
    RUNS,
  );
});
