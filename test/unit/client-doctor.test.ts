import type { Session } from '../../client/session.js';
import { serverChecks } from '../../client/steer/checks.js';

/** Of a Temporal service that has these search attributes, and of nothing else. */
async function searchAttributes(customAttributes: Readonly<Record<string, number>>) {
  const client = { options: { namespace: 'default' }, connection: { operatorService: { listSearchAttributes: async () => ({ customAttributes }) } } };
  const checks = await Promise.all(serverChecks({ temporal: async () => client } as unknown as Session));
  return checks.find(({ check }) => check === 'search attributes');
}

test('search attributes that are missing are named with their types, in the command that adds them', async () => {
  expect(await searchAttributes({ RelinkCampaign: 2, RelinkState: 2, SomebodyElses: 3 })).toEqual({
    check: 'search attributes',
    ok: false,
    detail: 'missing: RelinkFailure, RelinkLane, RelinkStartsAt',
    remedy: '`relink worker` adds them when it may; or `temporal operator search-attribute create --name RelinkFailure --type Keyword --name RelinkLane --type Keyword --name RelinkStartsAt --type Datetime`',
  });
});

test('search attributes that are all there need no remedy', async () => {
  const all = { RelinkCampaign: 2, RelinkState: 2, RelinkFailure: 2, RelinkLane: 2, RelinkStartsAt: 6 };
  expect(await searchAttributes(all)).toMatchObject({ ok: true, detail: 'are there' });
});
