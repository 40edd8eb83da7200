import type { ShownMeeting } from '../../domain/ports.js';
import { ScriptedVendor } from '../support/scripted-vendor.js';
import { aMeeting, aWindow, failureOf, HOST, items, REF, subject, type Json } from '../support/webex-answers.js';
import { hostsOf, inDays, legacy, start, stopAll } from './simulator-client.js';

const vendor = ScriptedVendor.inThisFile();
afterAll(stopAll);
const link = (url: string) => ({ headers: { link: `<${url}>; rel="next"` } });
const shown = (item: Json): ShownMeeting => ({ id: String(item['id']), number: String(item['meetingNumber']), link: String(item['webLink']), item });
/** As the vendor's document has it: lists do not say where to register, and say of which series it is. */
const listed = (changes: Json = {}): Json => aMeeting({ meetingSeriesId: REF.id, ...changes });

describe('the list of a host', () => {
  const list = () => subject(vendor.baseUrl).webex.listHost(REF);

  test('shows how each meeting is reached, from now on and as far as anything can be planned, in one request', async () => {
    vendor.on('GET', '/meetings', items(aMeeting(), { id: 'm2' }));
    expect((await list()) as unknown).toMatchObject([{ id: 'm1', number: '25501110001', link: 'https://meet.example.org/j.php?MTID=m1' }, { id: 'm2', number: '', link: '' }]);
    const [{ query } = { query: new URLSearchParams() }, ...more] = vendor.to('GET', '/meetings');
    expect(more).toEqual([]);
    expect([query.get('hostEmail'), query.get('meetingType'), query.get('current'), query.get('max')]).toEqual([HOST, 'meetingSeries', 'false', '100']);
    expect(Math.abs(Date.parse(query.get('from') ?? '') - Date.now())).toBeLessThan(60_000);
    expect(Date.parse(query.get('to') ?? '') - Date.now()).toBeGreaterThan(9 * 365 * 86_400_000);
  });

  test('that has another page is not read on', async () => {
    vendor.on('GET', '/meetings', { ...items(aMeeting()), ...link(`${vendor.baseUrl}/meetings?cursor=a`) });
    expect(await list()).toBe('many');
    expect(vendor.asked).toHaveLength(1);
  });

  test('whose first pages are empty is read until it says something', async () => {
    vendor.on('GET', '/meetings', { ...items(), ...link(`${vendor.baseUrl}/meetings?cursor=a`) }).on('GET', '/meetings', items(aMeeting()), { cursor: 'a' });
    expect(await list()).toHaveLength(1);
  });

  test('of empty pages without end is an outage', async () => {
    vendor.on('GET', '/meetings', { ...items(), ...link(`${vendor.baseUrl}/meetings?cursor=a`) });
    expect((await failureOf(list())).type).toBe('VendorUnavailable');
  });

  test('with an entry that does not say what it is proves nothing', async () => {
    vendor.on('GET', '/meetings', items(aMeeting(), { title: 'Vorla' }));
    expect((await failureOf(list())).facts.fields).toEqual(['items.id']);
  });
});

describe('a meeting that a list showed', () => {
  const alone = (how = {}) => subject(vendor.baseUrl).webex.readMeeting(REF, aWindow(), how);
  /** Readings one after the other with one adapter; @returns how often the meeting itself was asked for, and the last snapshot. */
  async function readings(times: number, item: Json, own: Json = aMeeting()) {
    vendor.on('GET', '/meetings/m1', { body: own }).on('GET', '/meetingInvitees', items());
    const adapter = subject(vendor.baseUrl).webex;
    let last: unknown;
    for (let i = 0; i < times; i++) last = await adapter.readMeeting(REF, aWindow(), { shown: shown(item) });
    return { asked: vendor.to('GET', '/meetings/m1').length, last };
  }

  test('to a guest, with the host that it had then, is asked for by itself, and that says nothing against other lists', async () => {
    const { asked, last } = await readings(5, listed({ hostEmail: 'left@example.org' }));
    expect(asked).toBe(5);
    expect(last).toMatchObject({ identity: { hostEmail: HOST } });
  });

  test('is not asked for by itself, once three have said of themselves what lists said of them', async () => {
    const { asked, last } = await readings(5, listed());
    expect(asked).toBe(3);
    expect(last).toEqual({ ...(await alone() as object), listed: true });
  });

  test('is asked for by itself for good when one did not: lists may leave out what it has', async () => {
    const { asked, last } = await readings(5, listed({ reminderTime: undefined }), aMeeting({ reminderTime: 30 }));
    expect(asked).toBe(5);
    expect(last).toMatchObject({ options: { reminderTime: 30 } });
  });

  const interpretation = { enabled: true, interpreters: [{ languageCode1: 'en', languageCode2: 'nl', email: 'cy@guest.example.org' }] };

  test.each<[string, Json]>([
    ['names a part', { simultaneousInterpretation: { enabled: false } }],
    ['has a part', { simultaneousInterpretation: interpretation }],
  ])('is asked for by itself for good when one %s of which its list said nothing', async (_, own) => {
    const { asked, last } = await readings(5, listed(), aMeeting(own));
    expect([asked, (last as { listed?: boolean }).listed]).toEqual([5, undefined]);
  });

  test('is asked for by itself for good when one that was taken from a list turns out to have more', async () => {
    await readings(0, listed());
    const adapter = subject(vendor.baseUrl).webex;
    const read = (how: { shown?: ShownMeeting } = { shown: shown(listed()) }) => adapter.readMeeting(REF, aWindow(), how);
    for (let i = 0; i < 4; i++) await read();
    expect(await read()).toMatchObject({ listed: true, named: [] });
    vendor.on('GET', '/meetings/m1', { body: aMeeting({ simultaneousInterpretation: interpretation }) });
    expect(await read({})).toMatchObject({ named: ['simultaneousInterpretation'], parts: { simultaneousInterpretation: [{ email: 'cy@guest.example.org' }] } });
    expect(await read()).not.toHaveProperty('listed');
  });

  test('that was edited since it was taken from a list says nothing against lists', async () => {
    await readings(0, listed());
    const adapter = subject(vendor.baseUrl).webex;
    const read = (how: { shown?: ShownMeeting } = { shown: shown(listed()) }) => adapter.readMeeting(REF, aWindow(), how);
    for (let i = 0; i < 4; i++) await read();
    vendor.on('GET', '/meetings/m1', { body: aMeeting({ title: 'Other', reminderTime: 30 }) });
    await read({});
    expect(await read()).toMatchObject({ listed: true });
  });

  test.each<[string, Json]>([
    ['is under way, when it shows what happens in it', { state: 'inProgress' }],
    ['has a form to register', { registration: { autoAcceptRequest: true } }],
    ['has breakout sessions', { enabledBreakoutSessions: true }],
    ['is another one', { id: 'm2' }],
    ['cannot be read', { start: 'soon' }],
  ])('is asked for by itself when it %s', async (_, changes) => expect((await readings(5, listed(changes))).asked).toBe(5));

  test('and that is gone is gone while lists are not believed yet', async () => {
    vendor.on('GET', '/meetings/m1', { status: 404 });
    expect(await alone({ shown: shown(listed()) })).toBe('gone');
  });

  test('and that was deleted since is gone, whatever is asked of it first', async () => {
    await readings(0, listed());
    const adapter = subject(vendor.baseUrl).webex;
    const read = () => adapter.readMeeting(REF, aWindow(), { shown: shown(listed()) });
    for (let i = 0; i < 3; i++) await read();
    vendor.on('GET', '/meetings/m1', { status: 404 }).on('GET', '/meetingInvitees', { status: 404 });
    expect(await read()).toBe('gone');
  });

  test('of the simulator says what it says of itself', async () => {
    const client = await start({ rpm: 10 ** 6 });
    const [hostEmail = ''] = await hostsOf(client);
    const refs = [];
    for (const title of ['Vorla', 'Teskum', 'Plim', 'Draal']) refs.push({ ...REF, hostEmail, id: (await legacy(client, hostEmail, { title, start: inDays(3), end: inDays(3.05) })).id });
    const adapter = subject(client.simulators.webex.url, { token: client.simulators.webex.token }).webex;
    const list = await adapter.listHost({ hostEmail });
    const since = (await client.control<readonly unknown[]>('GET', 'calls?since=0')).length;
    for (const ref of refs) expect(await adapter.readMeeting(ref, aWindow(), { shown: list === 'many' ? undefined : list.find(({ id }) => id === ref.id) })).not.toBe('gone');
    const calls = await client.control<readonly { path: string }[]>('GET', `calls?since=${since}`);
    expect(calls.filter(({ path }) => path.startsWith('/v1/meetings/'))).toHaveLength(3);
  });
});
