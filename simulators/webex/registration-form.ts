import { randomInt } from 'node:crypto';
import { badRequest } from './http.js';
import type { Answered, JsonObject, MeetingRecord } from './meeting-record.js';

const written = ['singleLineTextBox', 'multiLineTextBox'] as const;
const chosen = ['checkbox', 'dropdownList', 'radioButtons'] as const;
export const questionTypes = [...written, ...chosen] as const;

/** What an organiser asks of who registers. */
export type Asked = Readonly<{
  question: string;
  type: (typeof questionTypes)[number];
  required?: boolean | undefined;
  maxLength?: number | undefined;
  options?: readonly Readonly<{ value: string }>[] | undefined;
}>;
type Question = Omit<Asked, 'options'> & Readonly<{ id: number; options?: readonly Readonly<{ id: number; value: string }>[] | undefined }>;

/**
 * A form as its meeting shows it: each question and each option gets an id that no other form has.
 * @param from the first of them, at least 1
 * @throws VendorError 400 when there is nothing to choose from
 */
export function newForm({ customizedQuestions, ...form }: JsonObject & { readonly customizedQuestions?: readonly Asked[] | undefined }, from = randomInt(1, 10 ** 8)): JsonObject {
  let id = from;
  if (!customizedQuestions) return form;
  const questions = customizedQuestions.map(({ options, ...asked }) => {
    if (isChosen(asked) && !options?.length) throw badRequest(`options is required for ${asked.type}.`);
    return { id: id++, ...asked, ...(options ? { options: options.map(({ value }) => ({ id: id++, value })) } : {}) };
  });
  return { ...form, customizedQuestions: questions };
}

export function questionsOf({ options }: Pick<MeetingRecord, 'options'>): readonly Question[] {
  const form = options['registration'] as JsonObject | undefined;
  return (form?.['customizedQuestions'] ?? []) as unknown as readonly Question[];
}

/**
 * What the vendor's document says of answers: they name questions and options of this form, only a checkbox takes several, and what is required is answered.
 * @throws VendorError 400
 */
export function requireAnswers(record: Pick<MeetingRecord, 'options'>, answered: readonly Answered[]): void {
  const questions = questionsOf(record);
  for (const { questionId, answers } of answered) {
    const asked = questions.find(({ id }) => id === questionId);
    if (!asked) throw badRequest('questionId is not a question of this registration form.');
    if (answers.length > 1 && asked.type !== 'checkbox') throw badRequest('Only a checkbox takes more than one answer.');
    for (const answer of answers) requireAnswer(asked, answer);
  }
  const said = new Set(answered.flatMap(({ questionId, answers }) => (answers.some(({ answer }) => answer !== '') ? [questionId] : [])));
  if (said.size < answered.length) throw badRequest('A question is answered once, and not by nothing.');
  if (questions.some(({ id, required }) => required === true && !said.has(id))) throw badRequest('A required question is not answered.');
}

const isChosen = ({ type }: Pick<Asked, 'type'>): boolean => chosen.some((name) => name === type);

function requireAnswer(asked: Question, { optionId, answer }: Answered['answers'][number]): void {
  if (!isChosen(asked)) {
    if (answer.length > (asked.maxLength ?? Infinity)) throw badRequest('An answer is longer than maxLength.');
    return;
  }
  const option = asked.options?.find(({ id, value }) => (optionId === undefined ? value === answer : id === optionId));
  if (option?.value !== answer) throw badRequest('optionId is not an option of this question.');
}

/** What somebody answered, one line for each question, in words: ids hold in one form alone. Of questions with one text the line says which. */
export function answersInWords(record: Pick<MeetingRecord, 'options'>, answered: readonly Answered[] = []): readonly string[] {
  const questions = questionsOf(record);
  const place = (asked: Question): number => questions.filter(({ question }) => question === asked.question).indexOf(asked) + 1;
  return answered.map(({ questionId, answers }) => {
    const asked = questions.find(({ id }) => id === questionId);
    return `${asked?.question ?? ''} ${asked ? place(asked) : 0} ${answers.map(({ answer }) => answer).sort().join(', ')}`;
  });
}
