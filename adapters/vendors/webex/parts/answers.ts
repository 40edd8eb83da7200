import { z } from 'zod';
import { canonical } from '../../../../domain/canonical.js';
import type { Parts } from '../../../../domain/meeting.js';
import { unreadable } from '../errors.js';

/** A number in the schemas of the vendor's document, a text in some of its examples. It holds in one form alone. */
const id = z.union([z.number(), z.string().regex(/^\d+$/)]).transform(Number);

/** What an organiser asks: https://developer.webex.com/docs/api/v1/meetings/get-a-meeting */
const Question = z.object({
  id,
  question: z.string(),
  type: z.string(),
  maxLength: z.number().optional(),
  options: z.array(z.object({ id, value: z.string() })).default([]),
});
type Question = z.infer<typeof Question>;

/** What somebody answered: https://developer.webex.com/docs/api/v1/meetings/list-meeting-registrants */
export const Given = z.object({ questionId: id, answers: z.array(z.object({ optionId: id.optional(), answer: z.string() })).default([]) });
type Given = z.infer<typeof Given>;
type GivenAnswer = Given['answers'][number];

/** The same in words, which hold in every form with these questions. Where several have one text, `place` says which: 1 is the first. */
interface Worded {
  readonly question: string;
  readonly place: number;
  readonly answers: readonly (Chosen | Pick<GivenAnswer, 'answer'>)[];
}
interface Chosen {
  readonly option: string;
  readonly place: number;
}

const written: readonly string[] = ['singleLineTextBox', 'multiLineTextBox'];
const chosen: readonly string[] = ['checkbox', 'dropdownList', 'radioButtons'];

/** The organiser's own questions, as GET /meetings/{meetingId} shows them. */
export function questionsIn(shown: unknown): readonly Question[] {
  const { registration } = (shown ?? {}) as { readonly registration?: { readonly customizedQuestions?: unknown } | null };
  const parsed = z.array(Question).safeParse(registration?.customizedQuestions ?? []);
  if (!parsed.success) throw unreadable(parsed.error, { within: 'registration.customizedQuestions' });
  return parsed.data;
}

/** What is empty was not answered. */
export const answeredIn = (given: readonly Given[]): readonly Given[] =>
  given.map(({ questionId, answers }) => ({ questionId, answers: answers.filter(({ optionId, answer }) => optionId !== undefined || answer !== '') })).filter(({ answers }) => answers.length > 0);

/** In any order. What this form would not take stays as the vendor shows it. */
export const inWords = (form: readonly Question[], given: readonly Given[]): readonly (Worded | Given)[] =>
  given.map((each) => (given.some((other) => other !== each && other.questionId === each.questionId) ? each : (worded(form, each) ?? each))).sort((a, b) => (canonical(a) < canonical(b) ? -1 : 1));

/** `undefined`: to a question that is no longer asked, with an option that there is no longer, or more than the question takes. */
function worded(form: readonly Question[], { questionId, answers }: Given): Worded | undefined {
  const asked = form.find((question) => question.id === questionId);
  if (!asked || (answers.length > 1 && asked.type !== 'checkbox')) return undefined;
  const words = answers.map((each) => (chosen.includes(asked.type) ? choiceOf(asked, each) : textOf(asked, each)));
  if (!words.every((each) => each !== undefined)) return undefined;
  const sorted = words.sort((a, b) => (canonical(a) < canonical(b) ? -1 : 1));
  return { question: asked.question, place: placeOf(asked, form, sameQuestion), answers: sorted };
}

function textOf({ type, maxLength = Infinity }: Question, { answer }: GivenAnswer): Pick<GivenAnswer, 'answer'> | undefined {
  return written.includes(type) && answer.length <= maxLength ? { answer } : undefined;
}

/** The vendor's document lets an answer name no option: then it is the only one that reads so. */
function choiceOf({ options }: Question, { optionId, answer }: GivenAnswer): Chosen | undefined {
  const named = options.filter((option) => (optionId === undefined || option.id === optionId) && option.value === answer);
  const [option, ...others] = named;
  return option && others.length === 0 ? { option: option.value, place: placeOf(option, options, sameOption) } : undefined;
}

const sameQuestion = (a: { readonly question: string }, b: { readonly question: string }): boolean => a.question === b.question;
const sameOption = (a: { readonly value: string }, b: { readonly value: string }): boolean => a.value === b.value;
const placeOf = <T>(one: T, all: readonly T[], same: (a: T, b: T) => boolean): number => all.filter((each) => same(each, one)).indexOf(one) + 1;

const wordsOf = (registrant: Parts[string][number]): readonly (Worded | Given)[] => (registrant['customizedQuestions'] ?? []) as readonly (Worded | Given)[];

export const hasAnswers = (registrant: Parts[string][number]): boolean => wordsOf(registrant).length > 0;

/** In the ids of the form of another meeting; `undefined` when that has not all of the questions and options. */
export function inIdsOf(form: readonly Question[], registrant: Parts[string][number]): readonly Given[] | undefined {
  const given = wordsOf(registrant).map((words) => ('questionId' in words ? undefined : identified(form, words)));
  return given.every((each) => each !== undefined) ? given : undefined;
}

function identified(form: readonly Question[], { question, place, answers }: Worded): Given | undefined {
  const asked = form.filter((each) => sameQuestion(each, { question }))[place - 1];
  const given = answers.map((each) => ('option' in each ? asked && optionOf(asked, each) : each));
  return asked && given.every((each) => each !== undefined) ? { questionId: asked.id, answers: given } : undefined;
}

function optionOf({ options }: Question, { option, place }: Chosen): GivenAnswer | undefined {
  const found = options.filter((each) => sameOption(each, { value: option }))[place - 1];
  return found && { optionId: found.id, answer: found.value };
}

/**
 * Whether a new form with the same questions would not take somebody's answers: to what is no longer asked so, or none to what must be answered.
 * @param form the part of the old meeting, in which nothing has an id
 */
export function isMisfit(form: Parts[string][number] = {}, registrant: Parts[string][number]): boolean {
  const asked = (form['customizedQuestions'] ?? []) as readonly { readonly question: string; readonly required?: boolean }[];
  const words = wordsOf(registrant);
  const answered = (one: (typeof asked)[number]) => words.some((each) => 'question' in each && each.question === one.question && each.place === placeOf(one, asked, sameQuestion));
  return words.some((each) => 'questionId' in each) || asked.some((one) => one.required === true && !answered(one));
}
