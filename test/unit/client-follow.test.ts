import { ScheduleNotFoundError, WorkflowFailedError, WorkflowNotFoundError } from '@temporalio/client';
import { ApplicationFailure, TerminatedFailure } from '@temporalio/common';
import pc from 'picocolors';
import { JobFailed } from '../../client/errors.js';
import { createScreen } from '../../client/io.js';
import type { CampaignSession } from '../../client/session.js';
import { statusText } from '../../client/show/status.js';
import { readStatus } from '../../client/show/status-figures.js';
import { follow, mustNotHaveFailed, withFailure } from '../../client/steer/follow.js';
import type { CampaignSpec } from '../../domain/campaign.js';
import { emptyCounts } from '../../domain/states.js';
import { weekdays } from '../../domain/windows.js';
import { aSpec } from '../support/specs.js';

const screen = createScreen({ write: () => true }, true);

/** A workflow as Temporal knows it: when it began, in seconds, and how it ended. */
interface Run {
  readonly began?: number;
  readonly status: string;
  readonly failure?: Error;
}

/** A Temporal that knows the last run of a campaign and of its schedule. */
function temporalWith({ campaign, rerun }: { readonly campaign?: (look: number) => Run | undefined; readonly rerun?: Run }) {
  let looks = 0;
  const getHandle = (workflowId: string) => {
    const run = () => (workflowId === 'campaign/spring' ? campaign?.(looks++) : rerun);
    return {
      describe: () => {
        const found = run();
        return found ? Promise.resolve({ workflowId, runId: 'r', status: { name: found.status }, startTime: new Date((found.began ?? 0) * 1000) }) : Promise.reject(new WorkflowNotFoundError('', workflowId, undefined));
      },
      result: () => Promise.reject(new WorkflowFailedError('it failed', run()?.failure, 'NON_RETRYABLE_FAILURE')),
    };
  };
  const action = { type: 'startWorkflow', workflow: { workflowId: 'rerun/spring-1', firstExecutionRunId: 'r' } };
  const schedule = { getHandle: () => ({ describe: () => (rerun ? Promise.resolve({ info: { recentActions: [{ action }] } }) : Promise.reject(new ScheduleNotFoundError('', 'rerun/spring'))) }) };
  return { looks: () => looks, temporal: () => Promise.resolve({ workflow: { getHandle }, schedule }) };
}

/** A campaign, by its spec of each look. */
function sessionOf(temporal: () => Promise<unknown>, specAt: () => CampaignSpec = () => aSpec('spring')): CampaignSession {
  const none = () => Promise.resolve([]);
  const status = { campaign: 'spring', phase: 'planning', counts: emptyCounts(), reconciles: true, failures: {}, notices: { queued: 0, sent: 0, bounced: 0 }, quota: [], exposedStarts: 0, replacedLately: 0, deadline: null, order: 'go', remaining: 0, latestGraceEnd: null, wave: null, outages: [] };
  const ledger = {
    campaigns: { get: () => Promise.resolve({ spec: specAt() }) },
    plans: { status: () => Promise.resolve(status), hostLoad: none },
    forecasts: { foreseen: () => Promise.resolve({ planned: null, earlier: null }) },
    rechecks: { drifted: () => Promise.resolve({ rechecked: 0, drifted: [] }) },
    gates: { open: none, approvals: none },
    throttles: { orders: none },
    exemptions: { list: none },
    orders: { list: none },
    announcements: { standing: () => Promise.resolve(undefined) },
  };
  return { name: 'spring', spec: specAt(), config: { identities: [] }, ledger, temporal } as unknown as CampaignSession;
}

test('a file that is edited meanwhile counts from the next look on', async () => {
  const slowed = aSpec('spring', { windows: { writes: [{ days: weekdays, from: 0, to: 1440, zone: 'UTC', rate: 60 }], notices: [] } });
  const { temporal, looks } = temporalWith({ campaign: (look) => ({ status: look < 2 ? 'RUNNING' : 'COMPLETED' }) });
  const seen: (string | undefined)[] = [];
  await follow(sessionOf(temporal, () => (looks() < 2 ? aSpec('spring') : slowed)), screen, { everyMs: 1, onLook: ({ status }) => void seen.push(status.windows?.[0]?.of) });
  expect(seen).toEqual([undefined, 'writes', 'writes']);
});

const forbidden = new Error('activity failed', { cause: ApplicationFailure.create({ type: 'Forbidden', message: 'status 403 at https://example.org/people?x=1' }) });
const failed = (began: number, failure: Error = forbidden): Run => ({ status: 'FAILED', began, failure });
const TOLD = 'Forbidden: status 403 at https://example.org/[hidden]; give the identity the scopes in adapters/vendors/webex/README.md, then retry, then `relink start spring`';

async function standing(temporal: () => Promise<unknown>) {
  const session = sessionOf(temporal);
  return withFailure(session, await readStatus(session.ledger, session.config, session.spec));
}

test('a campaign whose workflow failed says why and what to do; who watches it ends in failure', async () => {
  const { temporal } = temporalWith({ campaign: () => failed(1) });
  const figures = await standing(temporal);
  expect(figures.status).toMatchObject({ phase: 'planning', workflowFailure: TOLD });
  expect(statusText(figures, pc.createColors(false), 0)).toContain(`Ended in failure: ${TOLD}.`);
  const session = sessionOf(temporal);
  expect((await follow(session, screen, { everyMs: 1 })).status.workflowFailure).toBe(TOLD);
  await expect(mustNotHaveFailed(session)).rejects.toThrow(new JobFailed(`the campaign ended in failure: ${TOLD}`));
});

test('one that somebody ended in the Temporal UI says so', async () => {
  const { temporal } = temporalWith({ campaign: () => ({ status: 'TERMINATED', failure: new TerminatedFailure('Workflow execution terminated') }) });
  expect((await standing(temporal)).status.workflowFailure).toBe('Workflow execution terminated; see its workflow in the Temporal UI, then `relink start spring`');
});

test.each<[string, Parameters<typeof temporalWith>[0], string | null]>([
  ['a rerun that failed before it began the campaign', { campaign: () => ({ status: 'COMPLETED', began: 1 }), rerun: failed(2) }, TOLD],
  ['a rerun that failed before the campaign was begun anew', { campaign: () => ({ status: 'COMPLETED', began: 3 }), rerun: failed(2) }, null],
  ['a rerun that failed before a campaign that runs', { campaign: () => ({ status: 'RUNNING', began: 1 }), rerun: failed(2) }, null],
  ['a rerun of a campaign that Temporal no longer knows', { rerun: failed(2) }, TOLD],
  ['a rerun that ended well', { campaign: () => ({ status: 'COMPLETED', began: 1 }), rerun: { status: 'COMPLETED', began: 2 } }, null],
  ['a campaign that never ran', {}, null],
])('of %s it is told as it is', async (_, known, told) => {
  expect((await standing(temporalWith(known).temporal)).status.workflowFailure).toBe(told);
});

test('where Temporal does not answer the status is that of the ledger', async () => {
  expect((await standing(() => Promise.reject(new JobFailed('the Temporal service does not answer')))).status.workflowFailure).toBeNull();
});
