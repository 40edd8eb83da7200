import type { ZodError } from 'zod';
import { RelinkFailure } from '../../../domain/failures.js';
import type { HttpAnswer } from '../../http/client.js';

/** Names of the fields that are missing or mistyped; never their values. */
export const fieldsOf = ({ issues }: ZodError): readonly string[] => [...new Set(issues.map(({ path }) => path.map(String).join('.') || 'all'))];

/** What the vendor sent cannot be read: `VendorRefused`, for this meeting alone. */
export function unreadable(error: ZodError, { answer, within }: { readonly answer?: HttpAnswer | undefined; readonly within?: string } = {}): RelinkFailure {
  const fields = fieldsOf(error).map((field) => (within === undefined ? field : `${within}.${field}`));
  return new RelinkFailure('VendorRefused', `unreadable fields: ${fields.join(', ')}`, { fields, trackingId: answer?.trackingId });
}

/** The answer to a creation cannot be read, but the creation was carried out: it is looked for before it is repeated. */
export const unreadableCreation = (error: ZodError, { trackingId }: HttpAnswer): RelinkFailure =>
  new RelinkFailure('NetworkAmbiguous', 'the answer to a creation cannot be read', { fields: fieldsOf(error), trackingId });

/** A 404 is an answer. */
export async function unlessGone<T>(call: Promise<T>): Promise<T | 'gone'> {
  try {
    return await call;
  } catch (cause: unknown) {
    if (cause instanceof RelinkFailure && cause.type === 'MeetingGone') return 'gone';
    throw cause;
  }
}

export const isStatus = (cause: unknown, status: number): boolean => cause instanceof RelinkFailure && cause.facts.status === status;
