import type { Session } from '../session.js';

type Ui = NonNullable<Session['ui']>;

const namespaceOf = ({ url, namespace }: Ui): string => `${url.replace(/\/$/, '')}/namespaces/${encodeURIComponent(namespace)}`;

/** Where the Temporal UI shows a workflow's board. `run` may be left out: then the latest. */
export const workflowLink = (ui: Ui, workflowId: string, run: string | undefined): string =>
  `${namespaceOf(ui)}/workflows/${encodeURIComponent(workflowId)}${run === undefined ? '' : `/${run}/user-metadata`}`;

/** Where it lists all that belongs to a campaign. */
export const campaignLink = (ui: Ui, campaign: string): string => `${namespaceOf(ui)}/workflows?query=${encodeURIComponent(`RelinkCampaign="${campaign}"`)}`;
