import { ScriptedVendor } from '../support/scripted-vendor.js';
import { differencesOf, readMeeting, replaceMeeting } from '../support/whole-job.js';
import { aMeeting, failureOf, HOST, items, policy, REF, snapshotOf, subject } from '../support/webex-answers.js';
import { LossySimulator } from './lossy-simulator.js';
import { legacy, occurrencesOf, stopAll, type Fields } from './simulator-client.js';

const vendor = ScriptedVendor.inThisFile();
afterAll(stopAll);

const english = { languageCode1: 'en', languageCode2: 'de', email: 'Anna@guest.example.org', displayName: 'Anna' };
const nobodyYet = { languageCode1: 'en', languageCode2: 'nl' };
const kept = [{ ...english, email: 'anna@guest.example.org' }, nobodyYet];
const weekly = { recurrence: 'FREQ=WEEKLY;COUNT=5' };
const path = '/meetings/m1/interpreters';

describe('a vendor that shows a meeting with interpretation', () => {
  const meeting = aMeeting({ simultaneousInterpretation: { enabled: true, interpreters: [{ id: 'i1', ...english }, { id: 'i2', ...nobodyYet }] } });

  test('is asked for nothing more, and interpreters are planned anew without their ids', async () => {
    const snapshot = await snapshotOf(vendor, meeting);
    expect([snapshot.refusal, snapshot.parts]).toEqual([undefined, { simultaneousInterpretation: kept }]);
    vendor.on('POST', '/meetings', { body: aMeeting({ id: 'm2' }) });
    await subject(vendor.baseUrl).webex.createReplacement(snapshot, policy, 'relink:t');
    expect(vendor.to('POST', '/meetings')[0]?.body).toMatchObject({ sendEmail: false, simultaneousInterpretation: { enabled: true, interpreters: kept } });
  });

  test('but not its interpreters is asked for them', async () => {
    vendor.on('GET', path, items({ id: 'i1', ...english }), { hostEmail: HOST });
    expect((await snapshotOf(vendor, aMeeting({ simultaneousInterpretation: { enabled: true } }))).parts).toEqual({ simultaneousInterpretation: kept.slice(0, 1) });
  });

  test('in a form that cannot be read is asked for them too: they must not get lost', async () => {
    vendor.on('GET', path, items({ id: 'i1', ...english }));
    expect((await snapshotOf(vendor, aMeeting({ simultaneousInterpretation: { enabled: 'yes', interpreters: 'Anna' } }))).parts).toEqual({ simultaneousInterpretation: kept.slice(0, 1) });
  });

  test('with a field that cannot be read is refused by its name', async () => {
    const broken = aMeeting({ simultaneousInterpretation: { enabled: true, interpreters: [{ id: 'i1', languageCode1: 'en' }] } });
    expect((await failureOf(snapshotOf(vendor, broken))).facts.fields).toEqual(['simultaneousInterpretation.languageCode2']);
  });

  test('that is switched off has no part of it, and is refused when it has interpreters all the same', async () => {
    expect((await snapshotOf(vendor, aMeeting({ simultaneousInterpretation: { enabled: false } }))).parts).toBeUndefined();
    expect((await snapshotOf(vendor, aMeeting({ simultaneousInterpretation: { enabled: false, interpreters: [english] } }))).refusal).toBe('Interpretation');
  });

  test('and has nobody yet gives a meeting that has it switched on', async () => {
    const snapshot = await snapshotOf(vendor, aMeeting({ simultaneousInterpretation: { enabled: true, interpreters: [] } }));
    vendor.on('POST', '/meetings', { body: aMeeting({ id: 'm2' }) });
    await subject(vendor.baseUrl).webex.createReplacement(snapshot, policy, 'relink:t');
    expect(vendor.to('POST', '/meetings')[0]?.body).toHaveProperty('simultaneousInterpretation', { enabled: true });
  });
});

describe('with the simulator', () => {
  const simulated = LossySimulator.inThisBlock();
  const { webex, webexAt } = simulated;
  const interpreters = () => [english, nobodyYet, nobodyYet, { ...english, email: simulated.hosts[1], displayName: 'Another name' }];
  const planned = async (more: Fields = {}) => ({ ...REF, id: (await legacy(simulated.client, simulated.hostEmail, { interpreters: interpreters(), ...more })).id, hostEmail: simulated.hostEmail });
  const shown = async (id: string): Promise<string[]> =>
    ((await simulated.client.get(`/meetings/${id}/interpreters`, { hostEmail: simulated.hostEmail })).body['items'] as Fields[]).map(({ languageCode1, languageCode2, email = 'nobody' }) => `${languageCode1}-${languageCode2} ${email}`.toLowerCase()).toSorted();
  const wanted = () => ['en-de anna@guest.example.org', `en-de ${simulated.hosts[1]}`, 'en-nl nobody', 'en-nl nobody'].toSorted();
  const edit = (id: string, of: readonly Fields[]) => simulated.client.control('POST', `meetings/${id}/edit`, { interpreters: of });
  const calls = (since: number) => simulated.client.control<{ method: string; mailsPeople: boolean }[]>('GET', `calls?since=${since}`);
  const soFar = async (): Promise<number> => (await calls(0)).length;

  test.each<[string, Fields]>([
    ['a single meeting', {}],
    ['a series', weekly],
  ])('%s has its interpreters again, in one request to write, and nobody is mailed', async (_what, more) => {
    const ref = await planned(more);
    const since = await soFar();
    const { legacy: old, made, replacement, complete } = await replaceMeeting(webex(), ref);
    expect(complete).toBe(true);
    expect(differencesOf(webex(), old, replacement)).toEqual([]);
    expect(await shown(made.id)).toEqual(wanted());
    expect((await calls(since)).filter(({ method }) => method !== 'GET').map(({ method, mailsPeople }) => [method, mailsPeople])).toEqual([['POST', false]]);
  });

  test('who is missing from a replacement, or has another channel, is a difference; who is missing is added silently', async () => {
    const { legacy: old, made } = await replaceMeeting(webex(), await planned());
    await edit(made.id, [nobodyYet, { ...english, email: simulated.hosts[1] }]);
    expect(differencesOf(webex(), old, await readMeeting(webex(), made))).toEqual(['simultaneousInterpretation']);
    const since = await soFar();
    await webex().carryOver(made, old, policy);
    expect(await shown(made.id)).toEqual(wanted());
    expect(differencesOf(webex(), old, await readMeeting(webex(), made))).toEqual([]);
    expect((await calls(since)).filter(({ method }) => method !== 'GET').map(({ mailsPeople }) => mailsPeople)).toEqual([false, false]);
    await edit(made.id, [...interpreters(), { languageCode1: 'fr', languageCode2: 'en' }]);
    expect(differencesOf(webex(), old, await readMeeting(webex(), made))).toEqual(['simultaneousInterpretation']);
  });

  test('an interpreter whose answer was lost is there once, whatever the second attempt does', async () => {
    const { legacy: old, made } = await replaceMeeting(webex(), await planned());
    await edit(made.id, [english]);
    simulated.line.loseNext(/^POST .*interpreters$/);
    expect((await failureOf(webexAt(simulated.line.baseUrl).carryOver(made, old, policy))).type).toBe('NetworkAmbiguous');
    expect(simulated.line.lost).toEqual(['POST /v1/meetings/:id/interpreters']);
    expect(await shown(made.id)).toHaveLength(2);
    await webexAt(simulated.line.baseUrl).carryOver(made, old, policy);
    await webexAt(simulated.line.baseUrl).carryOver(made, old, policy);
    expect(await shown(made.id)).toEqual(wanted());
  });

  test('a series with changed occurrences keeps its interpreters, and one whose occurrence has its own is refused', async () => {
    const ref = await planned(weekly);
    const [, second, third] = await occurrencesOf(simulated.client, simulated.hostEmail, ref.id);
    await simulated.client.control('POST', `meetings/${ref.id}/occurrences/${second?.start ?? ''}/edit`, { title: 'Tarok' });
    const { legacy: old, replacement } = await replaceMeeting(webex(), ref);
    expect(differencesOf(webex(), old, replacement)).toEqual([]);
    await simulated.client.post(`/meetings/${third?.id ?? ''}/interpreters`, { hostEmail: simulated.hostEmail, sendEmail: false, languageCode1: 'fr', languageCode2: 'en' });
    expect((await readMeeting(webex(), ref)).refusal).toBe('SeriesExceptions');
  });
});
