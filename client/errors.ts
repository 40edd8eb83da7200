import { CommanderError } from 'commander';
import { ServiceError } from '@temporalio/client';
import { InputError } from '../adapters/runtime/config/index.js';
import { scrubText } from '../adapters/runtime/scrub.js';
import { failures, RelinkFailure } from '../domain/failures.js';

/** The command cannot be carried out as it was given: exit code 2, nothing was changed. */
export class WrongUse extends Error {}

/** The command was carried out and did not come out well: exit code 1. */
export class JobFailed extends Error {}

/** What the ledger refused because somebody was first or nothing fits: the command was right, and did not come out well. */
export function refusedByLedger(cause: unknown): never {
  throw cause instanceof RelinkFailure && cause.type === 'InvalidInput' ? new JobFailed(cause.message, { cause }) : cause;
}

export interface Ending {
  readonly exitCode: number;
  /** For standard error; `null` when all has been said. */
  readonly message: string | null;
}

/** What the user is told of an error: one message with what to do, never a stack trace, no link and no address. */
export function explain(cause: unknown): Ending {
  if (cause instanceof CommanderError) return { exitCode: cause.exitCode === 0 ? 0 : 2, message: null };
  if (cause instanceof WrongUse || cause instanceof InputError) return { exitCode: 2, message: cause.message };
  if (cause instanceof RelinkFailure) return ofFailure(cause);
  return { exitCode: 1, message: cause instanceof JobFailed ? cause.message : scrubText(outage(cause) ?? messageOf(cause)) };
}

function ofFailure({ type, message }: RelinkFailure): Ending {
  return type === 'InvalidInput' ? { exitCode: 2, message } : { exitCode: 1, message: `${type}: ${message}; ${failures[type].remedy}` };
}

const UNDEFINED_TABLE = '42P01';
const TOO_MANY_CONNECTIONS = '53300';
const unreachable = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'ETIMEDOUT', 'EHOSTUNREACH', '57P01', '57P02', '57P03']);
const refused = new Set(['28P01', '28000', '3D000']);

/** A part that does not answer, by code. */
function outage(cause: unknown): string | undefined {
  if (isNotFound(cause)) return 'the namespace is not there; start `relink worker` once with the right to make it, or make it with `temporal operator namespace create`';
  if (cause instanceof ServiceError) return `the Temporal service did not do it: ${messageOf(cause.cause ?? cause)}; see whether it runs with \`relink doctor\``;
  const code = codeOf(cause);
  if (code === UNDEFINED_TABLE) return 'the ledger is empty; begin with `relink plan`';
  if (unreachable.has(code)) return 'the database does not answer; see whether it runs, and whether DATABASE_URL is right';
  if (code === TOO_MANY_CONNECTIONS) return 'the database has no connection left; raise its max_connections: each worker takes up to 72, each command up to 18';
  if (refused.has(code)) return 'the database refuses us; see whether user, password and name in DATABASE_URL are right';
  return undefined;
}

/** gRPC status of what only a namespace that is missing gives, where nothing else is asked for by name. */
const NOT_FOUND = 5;
const isNotFound = (cause: unknown): boolean => cause instanceof Error && cause.message.includes('Namespace') && (cause as { code?: unknown }).code === NOT_FOUND;

/** Of a connection that tried several addresses, the first tells. */
function codeOf(cause: unknown): string {
  if (cause instanceof AggregateError) return codeOf(cause.errors[0]);
  const { code } = (cause ?? {}) as { code?: unknown };
  return typeof code === 'string' ? code : '';
}

export const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message || cause.name : String(cause));

/** Whether the tables of the ledger are not there yet. */
export const isEmptyLedger = (cause: unknown): boolean => codeOf(cause) === UNDEFINED_TABLE;
