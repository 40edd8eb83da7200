import { condition, continueAsNew, setHandler, sleep } from '@temporalio/workflow';
import { noticeActivities as notices } from './lib/activities.js';
import { isLong } from './lib/history.js';
import { finishDigests, resumeDigests, type SendDigestsInput } from './messages.js';

/** Between two rounds at the end, when a correction still waits for the mail that it corrects. */
const LAST_ROUNDS = '2s';
/** The same while nobody may be mailed. */
const CLOSED_ROUNDS = '1m';

/**
 * One mail per organiser and interval, however many meetings it covers. Told to finish, it sends what is left and ends, unless the campaign goes on meanwhile.
 * A mail server that is away is waited for; an address that is refused for good holds its meetings in the ledger.
 */
export async function sendDigests(input: SendDigestsInput): Promise<void> {
  let finishing = input.finishing ?? false;
  setHandler(finishDigests, () => void (finishing = true), { description: 'Send what is queued, then end' });
  setHandler(resumeDigests, () => void (finishing = false), { description: 'The campaign goes on: do not end' });
  for (let everyMs = input.everyMs; ;) {
    await condition(() => finishing, everyMs);
    const { pending, closed, ...due } = await notices.sendDueDigests({ campaign: input.campaign });
    everyMs = due.everyMs; // the file may have been edited
    if (finishing && pending === 0) return;
    if (finishing) await sleep(closed ? CLOSED_ROUNDS : LAST_ROUNDS);
    if (isLong()) await continueAsNew<typeof sendDigests>({ ...input, everyMs, finishing });
  }
}
