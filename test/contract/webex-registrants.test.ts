import { ScriptedVendor } from '../support/scripted-vendor.js';
import { aSnapshot } from '../support/specs.js';
import { differencesOf, readMeeting, replaceMeeting } from '../support/whole-job.js';
import { aMeeting, aSeries, aWindow, failureOf, HOST, items, policy, REF, snapshotOf, subject, type Json } from '../support/webex-answers.js';
import { LossySimulator } from './lossy-simulator.js';
import { inDays, legacy, stopAll, type Fields } from './simulator-client.js';

const vendor = ScriptedVendor.inThisFile();
afterAll(stopAll);

const DAY = 86_400_000;
const form = { autoAcceptRequest: false, requireFirstName: true, requireLastName: true, requireEmail: true, requireCity: true };
const path = '/meetings/m1/registrants';
const anna = { firstName: 'Anna', lastName: 'Vos', email: 'Anna@guest.example.org', city: 'Plim' };
const shown = (changes: Json = {}): Json => ({ id: 'r1', status: 'approved', registrationTime: '2024-01-01T00:00:00Z', jobTitle: '', ...anna, ...changes });
const kept = { ...anna, email: 'anna@guest.example.org', status: 'approved' };

describe('a vendor that shows a meeting with a registration form', () => {
  const meeting = aMeeting({ registration: { ...form, requireFax: false } });
  const read = (registrants: readonly Json[], of: Json = meeting) => {
    vendor.on('GET', path, ({ query }) => (Date.parse(query.get('registrationTimeFrom') ?? '') > Date.now() - 90 * DAY ? items(...registrants) : items()));
    return snapshotOf(vendor, of);
  };

  test('is asked for who registered, ninety days at a time without a gap, for five years', async () => {
    await read([]);
    const windows = vendor.to('GET', path).map(({ query }) => [query.get('registrationTimeFrom'), query.get('registrationTimeTo')].map((time) => Date.parse(time ?? '')));
    expect(windows.every(([from = 0, to = 0]) => to - from <= 90 * DAY)).toBe(true);
    expect(windows.slice(1).map(([, to]) => to)).toEqual(windows.slice(0, -1).map(([from]) => from));
    expect(windows[0]?.[1]).toBeGreaterThan(Date.now());
    expect(windows.at(-1)?.[0]).toBeLessThan(Date.now() - 5 * 365 * DAY);
    expect(vendor.to('GET', path).every(({ query }) => query.get('hostEmail') === HOST)).toBe(true);
  });

  test('says since when somebody registered, and is asked no further back when it, or what replaces it, is read again', async () => {
    const at = inDays(-100);
    const snapshot = await read([shown({ registrationTime: at }), shown({ email: 'noor@guest.example.org', registrationTime: inDays(-3) })]);
    expect(snapshot.partsSince).toBe(new Date(at).toISOString());
    const before = vendor.to('GET', path).length;
    await subject(vendor.baseUrl).webex.readMeeting(REF, aWindow(), { partsSince: snapshot.partsSince });
    const again = vendor.to('GET', path).slice(before).map(({ query }) => Date.parse(query.get('registrationTimeFrom') ?? ''));
    expect(again).toHaveLength(2);
    expect(Math.min(...again)).toBeLessThan(Date.parse(at) - DAY + 1);
  });

  test('where nobody registered yet is asked once for who registers from then on; where somebody does not say when, for all again', async () => {
    expect(Date.now() - Date.parse((await read([])).partsSince ?? '')).toBeLessThan(60_000);
    expect((await read([shown({ registrationTime: undefined })])).partsSince).toBeUndefined();
  });

  test('gives the form and the registrants without what is new in each meeting, and is planned anew with the form', async () => {
    const question = { id: 33, question: 'Which hall?', type: 'radioButtons', options: [{ id: 1, value: 'Plim' }], rules: [] };
    const snapshot = await read([shown()], aMeeting({ registration: { ...form, requireFax: false, customizedQuestions: [question] } }));
    const asked = { question: 'Which hall?', type: 'radioButtons', options: [{ value: 'Plim' }] };
    const { autoAcceptRequest: _, ...said } = form;
    expect([snapshot.refusal, snapshot.parts]).toEqual([undefined, { registration: [{ ...said, customizedQuestions: [asked] }], registrants: [kept] }]);
    vendor.on('POST', '/meetings', { body: aMeeting({ id: 'm2' }) });
    const { webex } = subject(vendor.baseUrl);
    expect(await webex.createReplacement(snapshot, policy, 'relink:t')).toMatchObject({ complete: false });
    expect(vendor.to('POST', '/meetings')[0]?.body).toMatchObject({ sendEmail: false, registration: { ...said, customizedQuestions: [asked] } });
    expect(webex.intendedOptions(snapshot, policy).lost).toEqual(['hostKey', 'registerLink', 'registrantLinks']);
  });

  test('with numbers of their own for registrants asks the new form for such, and says that theirs are lost', async () => {
    const numbered = aMeeting({ registration: { ...form, enabledRegistrationId: true } });
    const { webex } = subject(vendor.baseUrl);
    const snapshot = await read([shown({ registrationId: '1111' })], numbered);
    expect(snapshot.parts).toMatchObject({ registration: [{ enabledRegistrationId: true }], registrants: [kept] });
    expect(webex.intendedOptions(snapshot, policy).lost).toEqual(['hostKey', 'registerLink', 'registrantLinks', 'registrationIds']);
    vendor.on('POST', '/meetings', { body: aMeeting({ id: 'm2' }) });
    await webex.createReplacement(snapshot, policy, 'relink:t');
    expect(vendor.to('POST', '/meetings')[0]?.body).toMatchObject({ registration: { enabledRegistrationId: true } });
  });

  test('says of no number that nobody has', async () => {
    const { webex } = subject(vendor.baseUrl);
    expect(webex.intendedOptions(await read([shown({ registrationId: '' })]), policy).lost).not.toContain('registrationIds');
  });

  test('and nobody who registered is complete with its creation', async () => {
    const snapshot = await read([]);
    vendor.on('POST', '/meetings', { body: aMeeting({ id: 'm2' }) });
    const { webex } = subject(vendor.baseUrl);
    expect(await webex.createReplacement(snapshot, policy, 'relink:t')).toMatchObject({ complete: true });
    expect(webex.intendedOptions(snapshot, policy).lost).toEqual(['hostKey', 'registerLink']);
  });

  const ruled = { question: 'Which hall?', type: 'singleLineTextBox', rules: [{ condition: 'equals', value: 'Plim', result: 'approve', order: 2 }] };
  test.each<[string, Json, readonly Json[]]>([
    ['recurs', aSeries({ registration: form }), []],
    ['has rules for its own questions', aMeeting({ registration: { ...form, customizedQuestions: [ruled] } }), []],
    ['has answers to questions that it no longer asks', meeting, [shown({ customizedQuestions: [{ questionId: 33, answers: [{ answer: 'Plim' }] }] })]],
    ['lets everybody in and yet has somebody who waits', aMeeting({ registration: { ...form, autoAcceptRequest: true } }), [shown({ status: 'pending' })]],
  ])('is refused when it %s', async (_, of, registrants) => expect((await read(registrants, of)).refusal).toBe('Registration'));

  test.each<[string, Json]>([
    ['registration.requireCity', aMeeting({ registration: { ...form, requireCity: 'yes' } })],
    ['registration', aMeeting({ registration: 'yes' })],
  ])('in a form that cannot be read is refused by the name %s', async (field, of) => {
    expect((await failureOf(read([], of))).facts.fields?.map((name) => name.replace('.all', ''))).toEqual([field]);
  });

  test('is identified by one request: what a lost creation has made is found again, however slow its lists are', async () => {
    const { identity } = await read([shown()]);
    const lists = vendor.to('GET', path).length;
    expect(await subject(vendor.baseUrl).webex.identify(REF)).toEqual(identity);
    expect([vendor.to('GET', path).length - lists, vendor.to('GET', '/meetings/m1').length]).toEqual([0, 2]);
  });

  test('with a registrant that cannot be read is refused by the name of the field', async () => {
    expect((await failureOf(read([shown({ status: 'perhaps' })]))).facts.fields).toEqual(['registrants.status']);
  });
});

test('a conflict while people are registered again has the list read once more and the others registered one by one', async () => {
  const all = ['anna', 'bo', 'cy'].map((name) => ({ ...kept, email: `${name}@guest.example.org` }));
  const listed: Json[] = [];
  const insert = `${path}/bulkInsert`;
  vendor.on('GET', path, () => items(...listed)).on('GET', '/meetingInvitees', items());
  vendor.on('POST', insert, ({ body }) => {
    const asked = (body as { items: Json[] }).items;
    if (listed.length === 0) listed.push(shown({ email: 'Bo@guest.example.org' })); // shown by now
    if (asked.some(({ email }) => email !== 'cy@guest.example.org')) return { status: 409 };
    listed.push(...asked.map(({ email }) => shown({ email })));
    return items();
  });
  await subject(vendor.baseUrl).webex.carryOver(REF, aSnapshot('old', { invitees: [], parts: { registration: [form], registrants: all } }), policy);
  expect(vendor.to('POST', insert).map(({ body }) => (body as { items: Json[] }).items.map(({ email }) => email))).toEqual([all.map(({ email }) => email), ['anna@guest.example.org'], ['cy@guest.example.org']]);
});

describe('with the simulator', () => {
  const simulated = LossySimulator.inThisBlock();
  const { webex, webexAt } = simulated;
  const statuses = ['approved', 'rejected', 'pending'];
  const people = (count = 130) => Array.from({ length: count }, (_, i) => ({ ...anna, email: `Guest-${i}@guest.example.org`, status: statuses[i % 3], registeredAt: inDays(-5 * i) }));
  const planned = async (more: Fields = {}) => ({ ...REF, id: (await legacy(simulated.client, simulated.hostEmail, { registration: form, registrants: people(), ...more })).id, hostEmail: simulated.hostEmail });
  const registered = async (id: string): Promise<string[]> => {
    const { items: list } = await simulated.client.all(`/meetings/${id}/registrants`, { hostEmail: simulated.hostEmail, max: '100', registrationTimeFrom: inDays(-1), registrationTimeTo: inDays(2) });
    return list.map(({ email, status, city }) => `${String(email).toLowerCase()} ${String(status)} ${String(city)}`).toSorted();
  };
  const wanted = people().map(({ email, status, city }) => `${email.toLowerCase()} ${status} ${city}`).toSorted();
  const calls = (since = 0) => simulated.client.control<{ method: string; path: string; mailsPeople: boolean; effect: boolean }[]>('GET', `calls?since=${since}`);
  const edit = (id: string, registrants: readonly Fields[]) => simulated.client.control('POST', `meetings/${id}/edit`, { registrants });
  const bare = async () => {
    const { legacy: old, made } = await replaceMeeting(webex(), await planned());
    await edit(made.id, []);
    return { old, made };
  };

  test('all who registered are registered again with their answers, and decided again, and nobody is mailed', async () => {
    const ref = await planned();
    const since = (await calls()).length;
    const { legacy: old, made, replacement } = await replaceMeeting(webex(), ref);
    expect(differencesOf(webex(), old, replacement)).toEqual([]);
    expect(await registered(made.id)).toEqual(wanted);
    const writes = (await calls(since)).filter(({ method }) => method !== 'GET');
    expect(writes.map(({ path: where, mailsPeople }) => [where.split('/').at(-1), mailsPeople])).toEqual([['meetings', false], ['bulkInsert', false], ['bulkInsert', false], ['approve', false], ['reject', false]]);
  });

  test('a form that gives numbers gives new ones, which are no difference but named as lost', async () => {
    const { legacy: old, replacement } = await replaceMeeting(webex(), await planned({ registration: { ...form, enabledRegistrationId: true } }));
    expect(differencesOf(webex(), old, replacement)).toEqual([]);
    expect([old.partsLost, replacement.partsLost]).toEqual([['registrationIds'], ['registrationIds']]);
    await edit(replacement.identity.id, []);
    expect(differencesOf(webex(), old, await readMeeting(webex(), replacement.identity))).toEqual(['registrants']);
  });

  test('a form that lets everybody in registers them as they were', async () => {
    const let_in = people(5).map((person) => ({ ...person, status: 'approved' }));
    const { legacy: old, replacement } = await replaceMeeting(webex(), await planned({ registration: { ...form, autoAcceptRequest: true }, registrants: let_in }));
    expect(differencesOf(webex(), old, replacement)).toEqual([]);
  });

  test.each<[string, (list: readonly Fields[]) => readonly Fields[]]>([
    ['somebody is missing', (list) => list.slice(1)],
    ['somebody is let in who was rejected', (list) => list.map((person, i) => (i === 1 ? { ...person, status: 'approved' } : person))],
    ['somebody has other answers', (list) => list.map((person, i) => (i === 0 ? { ...person, city: 'Quib' } : person))],
  ])('it is a difference when %s', async (_what, spoil) => {
    const { legacy: old, made } = await replaceMeeting(webex(), await planned());
    await edit(made.id, spoil(people()));
    expect(differencesOf(webex(), old, await readMeeting(webex(), made))).toEqual(['registrants']);
  });

  test('a replacement without the form is a difference that only its removal ends', async () => {
    const old = await readMeeting(webex(), await planned());
    const plain = await readMeeting(webex(), { ...REF, id: (await legacy(simulated.client, simulated.hostEmail)).id, hostEmail: simulated.hostEmail });
    expect(differencesOf(webex(), old, plain)).toEqual(expect.arrayContaining(['registration', 'registrants']));
  });

  test.each(['bulkInsert', 'approve', 'reject'])('what was asked for by %s without an answer is there once, and the second attempt ends the work', async (verb) => {
    const { old, made } = await bare();
    simulated.line.loseNext(new RegExp(`^POST .*/${verb}$`));
    expect((await failureOf(webexAt(simulated.line.baseUrl).carryOver(made, old, policy))).type).toBe('NetworkAmbiguous');
    expect(simulated.line.lost).toContain(`POST /v1/meetings/:id/registrants/${verb}`);
    await webexAt(simulated.line.baseUrl).carryOver(made, old, policy);
    expect(await registered(made.id)).toEqual(wanted);
    const before = (await calls()).length;
    await webexAt(simulated.line.baseUrl).carryOver(made, old, policy);
    expect((await calls(before)).filter(({ method }) => method !== 'GET')).toEqual([]);
  });
});
