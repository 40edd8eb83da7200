import { isGrpcServiceError, type Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import { until } from './processes.js';

/** `temporal.api.enums.v1.IndexedValueType`. */
const KEYWORD = 2;
const DATETIME = 6;
const searchAttributes = {
  RelinkCampaign: KEYWORD,
  RelinkState: KEYWORD,
  RelinkFailure: KEYWORD,
  RelinkLane: KEYWORD,
  RelinkStartsAt: DATETIME,
} as const;

/** A finished saga must stay known for as long as a campaign runs, or a rerun would start it again. The dev server's default is one day. */
const RETENTION_MS = 30 * 24 * 60 * 60 * 1000;
/** Servers cache namespaces and search attributes; a new one is usable within this time. */
const PATIENCE_MS = 60_000;

/** gRPC status codes. */
const INVALID_ARGUMENT = 3;
const NOT_FOUND = 5;
const ALREADY_EXISTS = 6;

/**
 * Makes sure that the namespace exists, keeps closed workflows for 30 days at least, has Relink's search attributes,
 * and that these can be used. Safe to repeat; a longer retention stays as it is.
 * @throws when the service refuses, or when a search attribute exists with another type.
 */
export async function bootstrapNamespace({ connection, namespace }: { connection: Connection; namespace: string }): Promise<void> {
  await ensureNamespace(connection, namespace);
  await ensureSearchAttributes(connection, namespace);
  const usable = await until(() => canSearch(connection, namespace), PATIENCE_MS);
  if (!usable) throw new Error(`the search attributes of namespace ${namespace} did not become usable within ${PATIENCE_MS / 1000} seconds`);
}

async function ensureNamespace({ workflowService }: Connection, namespace: string): Promise<void> {
  const retention = msToTs(RETENTION_MS);
  const found = await workflowService.describeNamespace({ namespace }).catch(orUndefined(NOT_FOUND));
  if (!found) {
    await workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod: retention }).catch(orUndefined(ALREADY_EXISTS));
  } else if (Number(found.config?.workflowExecutionRetentionTtl?.seconds ?? 0) * 1000 < RETENTION_MS) {
    await workflowService.updateNamespace({ namespace, config: { workflowExecutionRetentionTtl: retention } });
  }
}

async function ensureSearchAttributes({ operatorService }: Connection, namespace: string): Promise<void> {
  // A namespace that was made a moment ago is not known to every part of the server yet.
  let present: Readonly<Record<string, number>> | undefined;
  await until(async () => {
    present = (await operatorService.listSearchAttributes({ namespace }).catch(orUndefined(NOT_FOUND)))?.customAttributes ?? undefined;
    return present !== undefined;
  }, PATIENCE_MS);
  const missing = missingAttributes(present ?? {});
  if (Object.keys(missing).length === 0) return;
  await operatorService.addSearchAttributes({ namespace, searchAttributes: missing }).catch(orUndefined(ALREADY_EXISTS));
}

/** @throws when one exists with another type, because what Relink writes to it would be refused. */
export function missingAttributes(present: Readonly<Record<string, number>>): Record<string, number> {
  for (const [name, type] of Object.entries(searchAttributes)) {
    if (name in present && present[name] !== type) {
      throw new Error(`the search attribute ${name} exists with another type: remove it, or use another namespace`);
    }
  }
  return Object.fromEntries(Object.entries(searchAttributes).filter(([name]) => !(name in present)));
}

/** The command by which an administrator adds them: the command line of Temporal takes one type for each name. */
export const commandToAdd = (missing: Readonly<Record<string, number>>): string =>
  ['temporal operator search-attribute create', ...Object.entries(missing).map(([name, type]) => `--name ${name} --type ${type === DATETIME ? 'Datetime' : 'Keyword'}`)].join(' ');

async function canSearch({ workflowService }: Connection, namespace: string): Promise<boolean> {
  const query = Object.entries(searchAttributes)
    .map(([name, type]) => (type === DATETIME ? `${name} > "2000-01-01T00:00:00Z"` : `${name} = "none"`))
    .join(' AND ');
  const answer = await workflowService
    .countWorkflowExecutions({ namespace, query })
    .catch(orUndefined(INVALID_ARGUMENT, NOT_FOUND));
  return answer !== undefined;
}

const orUndefined =
  (...codes: readonly number[]) =>
  (cause: unknown): undefined => {
    if (isGrpcServiceError(cause) && codes.includes(cause.code)) return undefined;
    throw cause;
  };
