import { DAY } from '../../support/clock.js';
import { uuid, type Random } from '../../support/random.js';
import { madeUpWord, madeUpWords } from '../../support/words.js';
import type { Answered, BreakoutSession, JsonObject, Registrant } from '../meeting-record.js';
import { newForm, questionsOf, type Asked } from '../registration-form.js';
import type { NewInvitee } from '../store.js';
import { guest } from './seed-details.js';

/** Two to four groups, into which some of the invitees are divided; two of them may have one name. */
export function seedBreakouts(rng: Random, invitees: readonly NewInvitee[]): readonly BreakoutSession[] {
  const names = Array.from({ length: rng.int(2, 4) }, () => madeUpWord(rng));
  const placed = invitees.filter(() => rng.chance(0.7)).map(({ email }) => ({ email, group: rng.int(0, names.length - 1) }));
  return names.map((name, i) => ({ id: rng.hex(32), name: rng.chance(0.1) ? (names[0] ?? name) : name, invitees: placed.filter(({ group }) => group === i).map(({ email }) => email) }));
}

/** Up to two for each channel: some of the invitees, somebody from outside, or nobody yet. */
export function seedInterpreters(rng: Random, invitees: readonly NewInvitee[]): JsonObject {
  const channels = [['en', 'de'], ['en', 'nl'], ['fr', 'en']].slice(0, rng.int(1, 3)).flatMap((pair) => Array.from({ length: rng.int(1, 2) }, () => pair));
  const known = rng.shuffle(invitees);
  const interpreters = channels.map(([languageCode1 = '', languageCode2 = ''], i) => {
    const place = { id: rng.hex(64), languageCode1, languageCode2 };
    if (rng.chance(0.25)) return place;
    const { email, displayName } = (rng.chance(0.5) ? known[i] : undefined) ?? guest(rng);
    return { ...place, email, displayName };
  });
  return { simultaneousInterpretation: { enabled: true, interpreters } };
}

/** Guests who registered since the meeting was planned, some long ago; most were approved. */
export function seedRegistrants(rng: Random, { from, to }: { readonly from: number; readonly to: number }): readonly Registrant[] {
  return Array.from({ length: rng.int(2, 12) }, () => {
    const { email, displayName } = guest(rng);
    const [firstName = '', lastName = ''] = displayName.split(' ');
    const status = rng.pick(['approved', 'approved', 'pending', 'rejected'] as const);
    return { id: uuid(rng), email, firstName, lastName, companyName: madeUpWord(rng), status, registeredAt: Math.round(from + (to - from - DAY) * rng.next()) };
  });
}

/** A form with questions of the organiser's own, two of them with one text, and what the registrants answered. Answers are of several words, so that nobody finds one by chance. */
export function seedAnswers(rng: Random, form: JsonObject, registrants: readonly Registrant[]): { readonly form: JsonObject; readonly registrants: readonly Registrant[] } {
  const written = { question: `${madeUpWord(rng)}?`, type: 'singleLineTextBox', maxLength: 120 } as const;
  const options = (count: number) => Array.from({ length: count }, () => ({ value: madeUpWords(rng, 2) }));
  const several = { question: `${madeUpWord(rng)}?`, type: 'checkbox', required: true, options: options(4) } as const;
  const one = { question: `${madeUpWord(rng)}?`, type: 'dropdownList', options: options(3) } as const;
  const asked: readonly Asked[] = [several, written, one, written];
  const made = newForm({ ...form, customizedQuestions: asked }, rng.int(1, 10 ** 8));
  const questions = questionsOf({ options: { registration: made } });
  const answered = (): readonly Answered[] =>
    questions
      .filter(({ required }) => required === true || rng.chance(0.7))
      .map(({ id: questionId, type, options: among = [] }) => {
        const picked = rng.shuffle(among).slice(0, type === 'checkbox' ? rng.int(1, 3) : 1);
        return { questionId, answers: among.length === 0 ? [{ answer: madeUpWords(rng, 3) }] : picked.map(({ id: optionId, value: answer }) => ({ optionId, answer })) };
      });
  return { form: made, registrants: registrants.map((registrant) => ({ ...registrant, customizedQuestions: answered() })) };
}
