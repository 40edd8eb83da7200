import { z } from 'zod';
import { unreadable } from '../errors.js';
import type { Part } from './part.js';

const answers = ['FirstName', 'LastName', 'Email', 'JobTitle', 'CompanyName', 'Address1', 'Address2', 'City', 'State', 'ZipCode', 'CountryRegion', 'WorkPhone', 'Fax'] as const;
const flag = z.boolean().optional();

/** What GET /meetings/{meetingId} shows and POST /meetings takes: a question and its options have ids that no new meeting can have. */
const Form = z.object({
  autoAcceptRequest: flag,
  /** In no schema of the vendor's document, but in its examples of what a meeting shows and of what a creation takes. */
  enabledRegistrationId: flag,
  ...Object.fromEntries(answers.map((answer) => [`require${answer}`, flag])),
  maxRegisterNum: z.number().optional(),
  customizedQuestions: z.array(z.object({ question: z.string(), required: flag, type: z.string(), maxLength: z.number().optional(), options: z.array(z.object({ value: z.string() })).optional() })).optional(),
  rules: z.array(z.record(z.string(), z.unknown())).optional(),
});

/** What is off or empty may be left out of an answer. */
const isSaid = (value: unknown): boolean => value !== undefined && value !== false && !(Array.isArray(value) && value.length === 0);

const said = (fields: object): Record<string, unknown> => Object.fromEntries(Object.entries(fields).filter(([, value]) => isSaid(value)));

/** The form with which people register. The vendor's document says that a meeting shows it itself, and that only a creation makes one silently. */
export const registration: Part = {
  name: 'registration',
  member: 'registration',
  isOn: (shown) => shown['registration'] !== undefined,
  read(_client, _place, shown) {
    const parsed = Form.safeParse(shown['registration']);
    if (!parsed.success) return Promise.reject(unreadable(parsed.error, { within: 'registration' }));
    const { customizedQuestions = [], ...rest } = parsed.data;
    return Promise.resolve([said({ ...rest, customizedQuestions: customizedQuestions.map(said) })]);
  },
  bodyOf: ([form]) => ({ registration: form }),
  /** The update of a form cannot be silent, by the vendor's document: what the creation has not made is left to the verification. */
  ensure: () => Promise.resolve({}),
  lost: () => ['registerLink'],
};

/** Rules for questions of the organiser's own: a creation cannot say in which order they count among the others. */
export function hasRulesOfItsOwn(shown: Readonly<Record<string, unknown>>): boolean {
  const form = shown['registration'] as { readonly customizedQuestions?: unknown } | null | undefined;
  const questions = Array.isArray(form?.customizedQuestions) ? (form.customizedQuestions as readonly ({ readonly rules?: unknown } | null)[]) : [];
  return questions.some((question) => Array.isArray(question?.rules) && question.rules.length > 0);
}
