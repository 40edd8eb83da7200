import { ScriptedVendor } from '../support/scripted-vendor.js';
import { failureOf, subject } from '../support/webex-answers.js';

const vendor = ScriptedVendor.inThisFile();
const ROOM = '/meetingPreferences/personalMeetingRoom';
const [south, north] = ['example.webex.com', 'example-north.webex.com'];
const host = { email: 'Robin@example.org', displayName: 'Robin Vael', sites: [south, north] };
const room = { topic: 'Vorla', personalMeetingRoomLink: `https://${south}/meet/pr1`, telephony: { accessCode: '25501110001' } };
const list = () => subject(vendor.baseUrl).webex.rooms.list(host, []);
/** What the vendor says of the room on one of the sites. */
const shows = (siteUrl: string, answer: object) => vendor.on('GET', ROOM, answer, { siteUrl });

test.each([400, 403])('a room that the vendor refuses to show (%i) on one site hides none on the others, and is named', async (status) => {
  shows(south, { body: room });
  shows(north, { status });
  const { meetings, unreadable } = await list();
  expect(meetings.map(({ identity }) => identity.site)).toEqual([south]);
  expect(unreadable).toEqual([{ id: `room of robin@example.org on ${north}`, fields: ['room'] }]);
});

test('a host of whom the vendor refuses to show any room is listed all the same', async () => {
  vendor.on('GET', ROOM, { status: 400 });
  expect(await list()).toMatchObject({ meetings: [], unreadable: [{ fields: ['room'] }, { fields: ['room'] }] });
});

test.each([[403, 'Forbidden'], [503, 'VendorUnavailable'], [429, 'RateLimited']])('an answer of %i everywhere is %s: a missing scope, or an outage, which is none of the host', async (status, type) => {
  vendor.on('GET', ROOM, { status });
  expect((await failureOf(list())).type).toBe(type);
});
