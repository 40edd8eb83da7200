import { campaignId } from '../../workflows/messages.js';
import { NOTHING_WRONG, Rehearsal } from '../support/rehearsal.js';

/** `npm run prove:scale`: ten thousand remediations. Takes 40 minutes. */
const FULL = process.env['RELINK_SCALE'] === 'full';
/** About two meetings in three are affected. */
const size = FULL ? { meetings: 15_800, hosts: 1_500, least: 10_000 } : { meetings: 160, hosts: 20, least: 80 };
/** The server suggests a new run at so many events, and warns at ten times as many. */
const MOST_EVENTS = 4_096;

/** The sum of a counter of the server over all its labels that `fits`; 0 when it was never counted. */
async function counted(metricsUrl: string, fits: RegExp): Promise<number> {
  const lines = (await (await fetch(metricsUrl)).text()).split('\n').filter((line) => fits.test(line));
  return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
}

/** Events of each run of a workflow. */
const historyLengths = (rehearsal: Rehearsal, workflowId: string): Promise<readonly number[]> =>
  rehearsal.onTemporal(async (client) => {
    const lengths: number[] = [];
    for await (const run of client.workflow.list({ query: `WorkflowId = '${workflowId}'` })) lengths.push(run.historyLength ?? 0);
    return lengths;
  });

test(`${size.least} remediations without limits: all done, each run of the campaign short, no workflow task failed, nothing wrong by the vendor’s own count`, async () => {
  const { meetings, hosts, least } = size;
  const rehearsal = await Rehearsal.start({
    meetings,
    hosts,
    seed: 8,
    faults: 'none',
    scale: 1_000,
    creates: { identity: 1_000_000, host: 1_000_000, reserve: 0 },
    campaign: 'startGuard: 1m\ngrace: 5s\nnotices: { digestEvery: 10s }\nlimits: { maxConcurrent: 60, maxMeetings: 100000 }\nwaves: [1, 10, 100, rest]\n',
  });
  try {
    await rehearsal.must('start', '--yes', 'campaign.yaml');
    const { counts, reconciles, exposedStarts, failures } = await rehearsal.until(({ phase }) => phase === 'finished');
    const { metricsUrl } = await rehearsal.stack();
    const runs = await historyLengths(rehearsal, campaignId('story'));
    const completed = await counted(metricsUrl, /^service_requests\{.*operation="RespondWorkflowTaskCompleted"/);
    const failed = await counted(metricsUrl, /^service_requests\{.*operation="RespondWorkflowTaskFailed"|^failed_workflow_tasks\{(?!.*failure="UnhandledCommand")/);
    // A signal came while a run was about to be continued: the server says so, and gives the task once more.
    const interrupted = await counted(metricsUrl, /^failed_workflow_tasks\{.*failure="UnhandledCommand"/);
    if (FULL) process.stderr.write(`${JSON.stringify({ counts, runs, completed, failed, interrupted })}\n`);
    expect({ ...counts, unaffected: 0, refused: 0, done: 0, found: 0 }).toEqual(Object.fromEntries(Object.keys(counts).map((state) => [state, 0])));
    expect([counts['done'] ?? 0, failures, reconciles, exposedStarts]).toEqual([expect.any(Number), {}, true, 0]);
    expect(counts['done']).toBeGreaterThanOrEqual(least);
    expect(Math.max(...runs)).toBeLessThan(MOST_EVENTS);
    expect(completed).toBeGreaterThan(10 * least);
    expect(failed).toBe(0);
    expect(interrupted).toBeLessThan(completed / 500);
    expect(await rehearsal.audit()).toEqual(NOTHING_WRONG);
  } finally {
    await rehearsal.stop();
  }
}, FULL ? 7_200_000 : 240_000);
