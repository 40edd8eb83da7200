import { inspect } from 'node:util';
import { ScriptedVendor } from '../support/scripted-vendor.js';
import { aSnapshot } from '../support/specs.js';
import { differencesOf, readMeeting, replaceMeeting } from '../support/whole-job.js';
import { aMeeting, failureOf, items, policy, REF, snapshotOf, subject, type Json } from '../support/webex-answers.js';
import { LossySimulator } from './lossy-simulator.js';
import { inDays, legacy, stopAll, type Fields } from './simulator-client.js';

const vendor = ScriptedVendor.inThisFile();
afterAll(stopAll);

const path = '/meetings/m1/registrants';
const anna = { firstName: 'Anna', lastName: 'Vos', email: 'anna@guest.example.org' };
const shown = (customizedQuestions?: readonly Json[]): Json => ({ id: 'r1', status: 'approved', registrationTime: new Date(Date.now() - 60_000).toISOString(), ...anna, customizedQuestions });

/** What the organiser asks, two of them by one text, with ids as one form has them. */
const asked = (id: number, as: (id: number) => number | string = (own) => own): readonly Json[] => [
  { id: as(id), question: 'Which halls?', type: 'checkbox', required: false, options: ['Plim', 'Quib', 'Zand'].map((value, i) => ({ id: as(id + 50 + i), value })) },
  { id: as(id + 1), question: 'Name?', type: 'singleLineTextBox', maxLength: 12 },
  { id: as(id + 2), question: 'Name?', type: 'multiLineTextBox' },
  { id: as(id + 3), question: 'Which day?', type: 'dropdownList', options: ['Mon', 'Tue', 'Tue'].map((value, i) => ({ id: as(id + 60 + i), value })) },
];
const formOf = (customizedQuestions: readonly Json[]): Json => ({ registration: { requireEmail: true, customizedQuestions } });
const given = (questionId: number, ...own: readonly (string | readonly [number, string])[]): Json => ({
  questionId,
  answers: own.map((each) => (typeof each === 'string' ? { answer: each } : { optionId: each[0], answer: each[1] })),
});
/** To the form that begins with this id. */
const answers = (id: number): readonly Json[] => [given(id, [id + 52, 'Zand'], [id + 50, 'Plim']), given(id + 2, 'Vorla of Teskum'), given(id + 1, 'Vorla'), given(id + 3, [id + 62, 'Tue'])];
const inWords = [
  { question: 'Name?', place: 2, answers: [{ answer: 'Vorla of Teskum' }] },
  { question: 'Name?', place: 1, answers: [{ answer: 'Vorla' }] },
  { question: 'Which halls?', place: 1, answers: [{ option: 'Plim', place: 1 }, { option: 'Zand', place: 1 }] },
  { question: 'Which day?', place: 1, answers: [{ option: 'Tue', place: 2 }] },
];
const registered = { email: anna.email, firstName: 'Anna', lastName: 'Vos', status: 'approved' };

const read = (registrants: readonly Json[], questions: readonly Json[] = asked(330)) => {
  vendor.on('GET', path, ({ query }) => (Date.parse(query.get('registrationTimeTo') ?? '') > Date.now() ? items(...registrants) : items()));
  return snapshotOf(vendor, aMeeting(formOf(questions)));
};

describe('answers to the organiser’s own questions', () => {
  test('are read in words that hold in any form, whatever ids it has and in which order they come', async () => {
    const wanted = [{ ...registered, customizedQuestions: inWords }];
    const [one, other] = [await read([shown(answers(330))]), await read([shown(answers(71).toReversed())], asked(71, String))];
    expect([one.refusal, one.parts?.['registrants']]).toEqual([undefined, wanted]);
    expect([other.refusal, other.parts]).toEqual([undefined, one.parts]);
  });

  test('may name no option where only one reads so', async () => {
    const { parts } = await read([shown([given(330, 'Quib')])]);
    expect(parts?.['registrants']).toEqual([{ ...registered, customizedQuestions: [{ question: 'Which halls?', place: 1, answers: [{ option: 'Quib', place: 1 }] }] }]);
  });

  test('that are empty are none', async () => {
    const { refusal, parts } = await read([shown([given(331, ''), given(330), given(99, '')])]);
    expect([refusal, parts?.['registrants']]).toEqual([undefined, [registered]]);
  });

  const form = asked(330);
  test.each<[string, readonly Json[], readonly Json[]]>([
    ['are to a question that is no longer asked', [given(99, 'Vorla')], form],
    ['name an option that there is no longer', [given(330, [99, 'Vorla'])], form],
    ['name an option that is called something else now', [given(330, [380, 'Vorla'])], form],
    ['name no option where two read so', [given(333, 'Tue')], form],
    ['are several where one is taken now', [given(333, [390, 'Mon'], [391, 'Tue'])], form],
    ['are longer than they may be now', [given(331, 'Vorla Teskum')], [{ ...form[1], maxLength: 11 }]],
    ['are given twice', [given(331, 'Vorla'), given(331, 'Teskum')], form],
    ['are to a question of an unknown kind', [given(330, 'Vorla')], [{ id: 330, question: 'Which?', type: 'slider' }]],
    ['are missing where one is required now', [given(331, 'Vorla')], [...form, { id: 340, question: 'Name?', type: 'singleLineTextBox', required: true }]],
  ])('that %s have the meeting refused before anything is written', async (_, own, questions) => {
    expect((await read([shown(own)], questions)).refusal).toBe('Registration');
  });

  test('that cannot be read, or whose form cannot, end in the name of the field', async () => {
    const fields = async (own: Json, questions?: readonly Json[]) => (await failureOf(read([shown([own])], questions))).facts.fields;
    expect(await fields({ questionId: 'Vorla', answers: [] })).toEqual(['registrants.customizedQuestions.0.questionId']);
    expect(await fields(given(330, 'Vorla'), [{ id: 'Vorla', question: 'Which?', type: 'checkbox' }])).toEqual(['registration.customizedQuestions.0.id']);
  });
});

describe('somebody who answered is registered again', () => {
  const legacyWith = (...registrants: readonly Json[]) => aSnapshot('old', { invitees: [], parts: { registration: [{ customizedQuestions: asked(1) }], registrants } });
  const bo = { ...registered, email: 'bo@guest.example.org' };
  /** A new meeting whose form has these questions. */
  function made(questions: readonly Json[], insert = items()): void {
    vendor.on('GET', path, items()).on('GET', '/meetingInvitees', items()).on('GET', '/meetings/m1', { body: aMeeting(formOf(questions)) }).on('POST', `${path}/bulkInsert`, insert);
  }
  const looks = (): number => vendor.to('GET', '/meetings/m1').length;
  const inserted = () => vendor.to('POST', `${path}/bulkInsert`).map(({ body }) => (body as { items: Json[] }).items);
  const { status: _, ...form } = registered;

  test.each<[string, readonly Json[]]>([
    ['numbers', asked(9_000)],
    ['texts', asked(9_000, String)],
  ])('with the ids of the new form, which is asked for once, where they are %s', async (_kind, questions) => {
    made(questions);
    const people = [{ ...registered, customizedQuestions: inWords }, bo, { ...bo, email: 'cy@guest.example.org', customizedQuestions: inWords }];
    await subject(vendor.baseUrl).webex.carryOver(REF, legacyWith(...people), policy);
    const ids = [given(9_002, 'Vorla of Teskum'), given(9_001, 'Vorla'), given(9_000, [9_050, 'Plim'], [9_052, 'Zand']), given(9_003, [9_062, 'Tue'])];
    expect(inserted().at(-1)).toEqual(people.map(({ email }, i) => ({ ...form, email, sendEmail: false, ...(i === 1 ? {} : { customizedQuestions: ids }) })));
    expect(looks()).toBe(1);
  });

  test('and nobody asks for the form where nobody answered, or all are there', async () => {
    made(asked(9_000));
    await subject(vendor.baseUrl).webex.carryOver(REF, legacyWith(bo), policy);
    vendor.on('GET', path, items(shown()));
    await subject(vendor.baseUrl).webex.carryOver(REF, legacyWith({ ...registered, customizedQuestions: inWords }), policy);
    expect([looks(), inserted().map((people) => people.length)]).toEqual([0, [1]]);
  });

  test.each<[string, readonly Json[]]>([
    ['question', asked(9_000).slice(0, 2)],
    ['option', asked(9_000).map((question) => ({ ...question, ...(question['options'] ? { options: [{ id: 1, value: 'Plim' }] } : {}) }))],
  ])('but not in a form that lacks a %s, which the verification tells', async (_what, questions) => {
    made(questions);
    await subject(vendor.baseUrl).webex.carryOver(REF, legacyWith({ ...registered, customizedQuestions: inWords }, bo), policy);
    expect(inserted().map((people) => people.map(({ email }) => email))).toEqual([[bo.email]]);
  });

  test('and a refusal tells nothing of what they answered', async () => {
    made(asked(9_000), { status: 400, body: { message: 'Vorla of Teskum' } });
    const failure = await failureOf(subject(vendor.baseUrl).webex.carryOver(REF, legacyWith({ ...registered, customizedQuestions: inWords }), policy));
    expect(failure.type).toBe('VendorRefused');
    for (const secret of ['Vorla', 'Plim', 'halls', anna.email]) expect(`${JSON.stringify(failure)} ${failure.stack} ${inspect(failure, { depth: null, showHidden: true })}`).not.toContain(secret);
  });
});

describe('with the simulator', () => {
  const simulated = LossySimulator.inThisBlock();
  const { webex, webexAt } = simulated;
  const edit = (id: string, registrants: readonly Fields[]) => simulated.client.control('POST', `meetings/${id}/edit`, { registrants });
  type Asked = Fields & { id: number; options?: { id: number; value: string }[] };
  const questionsOf = async (id: string) => ((await simulated.client.get(`/meetings/${id}`, { hostEmail: simulated.hostEmail })).body['registration'] as { customizedQuestions: Asked[] }).customizedQuestions;
  /** People who answered the form of this meeting, each something else. */
  async function people(id: string, change: (answers: Json[], i: number) => readonly Json[] = (all) => all): Promise<readonly Fields[]> {
    const [halls, first, second, days] = await questionsOf(id);
    const option = ({ options = [] }: Asked, i: number): readonly [number, string] => [options[i % options.length]?.id ?? 0, options[i % options.length]?.value ?? ''];
    return Array.from({ length: 5 }, (_, i) => {
      const own = [given(halls!.id, option(halls!, i), option(halls!, i + 1)), given(first!.id, `Vorla ${i}`), given(second!.id, `Teskum ${i}`), given(days!.id, option(days!, i))];
      return { ...anna, email: `guest-${i}@guest.example.org`, status: ['approved', 'rejected', 'pending'][i % 3], registeredAt: inDays(-5 * i), customizedQuestions: change(own.slice(0, i + 1), i) };
    });
  }
  const planned = async () => {
    const customizedQuestions = asked(1).map(({ id: _id, ...question }) => ({ ...question, required: question['type'] === 'checkbox' }));
    const { id } = await legacy(simulated.client, simulated.hostEmail, { registration: { autoAcceptRequest: false, requireEmail: true, customizedQuestions } });
    await edit(id, await people(id));
    return { ...REF, id, hostEmail: simulated.hostEmail };
  };

  test('all answers are there again, in a form whose questions and options have other ids', async () => {
    const ref = await planned();
    const { legacy: old, made, replacement } = await replaceMeeting(webex(), ref);
    const said = expect.arrayContaining([{ question: 'Name?', place: 2, answers: [{ answer: 'Teskum 4' }] }]) as unknown;
    expect(old.parts?.['registrants']).toContainEqual(expect.objectContaining({ customizedQuestions: said }));
    expect(differencesOf(webex(), old, replacement)).toEqual([]);
    const idsOf = async (id: string) => (await questionsOf(id)).flatMap((question) => [question.id, ...(question.options ?? []).map((each) => each.id)]);
    const before = new Set(await idsOf(ref.id));
    expect((await idsOf(made.id)).filter((id) => before.has(id))).toEqual([]);
    expect(webex().intendedOptions(old, policy).lost).not.toContain('registrants');
  });

  test.each<[string, (own: Json[], i: number) => readonly Json[]]>([
    ['lost', (own, i) => (i === 3 ? own.slice(0, 2) : own)],
    ['another', (own, i) => (i === 1 ? own.map((each, at) => (at === 1 ? { ...each, answers: [{ answer: 'Quib' }] } : each)) : own)],
    ['given to the other question of the same text', (own, i) => (i === 4 ? [own[0]!, { ...own[1]!, answers: own[2]!['answers'] }, { ...own[2]!, answers: own[1]!['answers'] }, own[3]!] : own)],
  ])('it is a difference when an answer is %s', async (_what, spoil) => {
    const { legacy: old, made } = await replaceMeeting(webex(), await planned());
    await edit(made.id, await people(made.id, spoil));
    expect(differencesOf(webex(), old, await readMeeting(webex(), made))).toEqual(['registrants']);
  });

  test('who was registered without an answer to say so is so once, with their answers, and the second attempt ends the work', async () => {
    const { legacy: old, made } = await replaceMeeting(webex(), await planned());
    await edit(made.id, []);
    simulated.line.loseNext(/^POST .*\/bulkInsert$/);
    expect((await failureOf(webexAt(simulated.line.baseUrl).carryOver(made, old, policy))).type).toBe('NetworkAmbiguous');
    expect(simulated.line.lost).toContain('POST /v1/meetings/:id/registrants/bulkInsert');
    await webexAt(simulated.line.baseUrl).carryOver(made, old, policy);
    expect(differencesOf(webex(), old, await readMeeting(webex(), made))).toEqual([]);
  });
});
