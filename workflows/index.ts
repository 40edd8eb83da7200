/** Every workflow that a worker registers. */
export { drainLane } from './drain-lane.js';
export { recheckDone } from './recheck-done.js';
export { remediateMeeting } from './remediate-meeting.js';
export { rerunCampaign } from './rerun-campaign.js';
export { runCampaign } from './run-campaign.js';
export { sendDigests } from './send-digests.js';
export { takeInventory } from './take-inventory.js';
