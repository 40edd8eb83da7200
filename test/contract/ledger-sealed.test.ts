import { settingsOf } from '../../domain/rehearsal.js';
import { figuresOf } from '../../domain/shape.js';
import { usualStopRules } from '../../domain/verdict.js';
import { aHost, inMs, LedgerBench } from '../support/ledger.js';
import { query } from '../support/postgres.js';
import { aFinding, anIdentity, aSnapshot, aSpec } from '../support/specs.js';

const bench = LedgerBench.inThisFile();
const withAll = { ...anIdentity('1'), sipAddress: 'secret-sip@example.org', accessCode: 'secret-access' };

/** Every table as text, binary columns also as the text they would be in the clear. */
async function dump(): Promise<string> {
  const { databaseUrl } = bench.store;
  const tables = await query(databaseUrl, `select table_name as name from information_schema.tables where table_schema = 'public'`);
  const lines = await Promise.all(tables.map(({ name }) => query(databaseUrl, `select t::text as line from "${String(name)}" t`)));
  const text = lines.flat().map(({ line }) => String(line)).join('\n');
  return `${text}\n${text.replace(/\\+x([0-9a-f]+)/g, (_, hex: string) => Buffer.from(hex, 'hex').toString('latin1'))}`;
}

/** A campaign in which every table has a line. */
async function fill(name: string): Promise<void> {
  const { ledger } = bench;
  const inventories = [{ takenAt: inMs(0), ids: [withAll.id] }];
  await ledger.campaigns.save(aSpec(name, { notices: { language: 'en', urgentWithinMs: 1000, digestEveryMs: 1000, announceMs: 1000 }, stopRules: { ...usualStopRules, exposedStarts: { hold: 1, stop: 'never', atLeast: 1 } }, scope: { hosts: [aHost.email], sites: aHost.sites, horizonMs: 10 ** 12 }, evidence: { unknown: 'affected', snapshots: inventories, calendar: [{ by: 'link', key: withAll.link, created: inMs(0) }] } }));
  await ledger.inventory.begin(name, 'run');
  await ledger.inventory.addHosts(name, 'run', [{ host: aHost, lane: 'ops-1' }]);
  await ledger.inventory.openHandles(name, 'run', [{ by: 'number', key: 'secret-number' }, { by: 'link', key: 'secret-link.example.org/1' }]);
  const unreadable = [{ identity: anIdentity('2'), fields: ['start'] }];
  await ledger.inventory.finishHost({ campaign: name, token: 'run', lane: 'ops-1', host: aHost, findings: [aFinding('1', { identity: withAll, heading: { title: 'secret-title', timezone: 'UTC', hostName: 'secret-name' } })], unreadable });
  const ref = bench.ref(name, withAll);
  await ledger.plans.assignWaves(name);
  await ledger.planDocuments.keep(name);
  const { plan, shape } = await ledger.rehearsals.shape(name, Date.now());
  await ledger.rehearsals.record(name, { plan, shape: figuresOf(shape), passed: true, faults: 'none', share: 1, settings: settingsOf((await ledger.campaigns.get(name)).spec, []) });
  for (const id of await ledger.announcements.assign(name)) await ledger.announcements.close(id, 'sent');
  await ledger.items.move(ref, 'running');
  await ledger.items.saveSnapshot(ref, aSnapshot('1', { identity: withAll }), null);
  await ledger.pace.reserveRequest('ops-1', 60);
  await ledger.windowPace.reserve({ campaign: name, identity: 'ops-1', perMinute: 60 });
  await ledger.forecasts.plan(name, inMs(0));
  await ledger.pace.spendCreation('ops-1', aHost.email, { identity: 5, host: 5, windowMs: 1000 });
  await ledger.items.recordStep(ref, { step: 'replace', state: 'done', attempt: 1, trackingId: 'T', failure: null, note: null });
  await ledger.items.saveReplacement(ref, { ...withAll, id: 'secret-id-new' });
  await ledger.items.move(ref, 'replaced', { verifiedAt: inMs(0), graceEndsAt: inMs(0) });
  await ledger.notices.queue(ref, 'replaced', ['recordings']);
  await ledger.notices.assign(name);
  await ledger.items.countExposedStart(ref);
  await ledger.gates.judge(name);
  await ledger.gates.approve(name, undefined, { by: 'secret-approver', reason: 'secret-reason' });
  await ledger.throttles.give(name, { requests: 60 }, { by: 'secret-operator', reason: 'secret-reason' }, await ledger.throttles.lastOrder(0));
  const order = await ledger.orders.give(name, { verb: 'rollback', scope: { hosts: [ledger.orders.hostKey(aHost.email)] }, meetings: [ref.meeting], seen: 0 }, { by: 'secret-operator', reason: 'secret-reason' });
  await ledger.orders.carriedOut(order.id, { ordered: 1, refused: 0 });
  const exempted = { host: aHost.email };
  await ledger.exemptions.grant(name, [{ subject: exempted, until: inMs(1000), by: 'secret-approver', reason: 'secret-reason', seen: 0 }]);
  await ledger.exemptions.remove(name, exempted, 1, { by: 'secret-approver', reason: 'secret-reason' });
  const app = { clientId: 'secret-client', clientSecret: 'secret-client-secret', refreshToken: 'secret-refresh' };
  await ledger.credentials.begin('ops-1', (await ledger.credentials.read('ops-1', app)).attempt);
  await ledger.credentials.save('ops-1', app, { accessToken: 'secret-access', accessLifeMs: 1000, refreshToken: 'secret-next' });
}

test('nothing that names a person or leads to a meeting is in any table in the clear', async () => {
  await fill('sealed');
  const text = await dump();
  for (const kept of ['sealed', 'ops-1', 'replace', bench.ref('sealed', withAll).meeting]) expect(text).toContain(kept);
  // A table without a line would prove nothing. The migrator's tables are not ours.
  const ours = await query(bench.store.databaseUrl, `select relname from pg_stat_user_tables where relname not like 'kysely%'`);
  for (const { relname } of ours) expect(await query(bench.store.databaseUrl, `select 1 from "${String(relname)}" limit 1`)).toHaveLength(1);
  expect(text).not.toMatch(/secret/i);
  for (const hidden of ['example.org', Buffer.from('secret').toString('base64').slice(0, 7), Buffer.from('secret').toString('hex')]) expect(text).not.toContain(hidden);
});

test('sealed cells cannot be exchanged between rows or columns', async () => {
  await fill('first');
  await fill('second');
  const ref = bench.ref('first', withAll);
  const { databaseUrl } = bench.store;
  await query(databaseUrl, `update item set replacement = (select replacement from item where campaign = 'second' and meeting = $1) where campaign = 'first' and meeting = $1`, [ref.meeting]);
  await expect(bench.ledger.items.get(ref)).rejects.toMatchObject({ type: 'InvalidInput' });
  await query(databaseUrl, `update snapshot set body = (select identity from item where campaign = 'first' and meeting = $1) where campaign = 'first' and meeting = $1`, [ref.meeting]);
  await expect(bench.ledger.items.readSnapshot(ref)).rejects.toMatchObject({ type: 'InvalidInput' });
});

test('keys of meetings fit into a tag at the vendor and are the same in every campaign', () => {
  const [a, b] = [bench.ref('a', withAll), bench.ref('b', withAll)];
  expect(a.meeting).toBe(b.meeting);
  expect(a.meeting).toMatch(/^[a-z2-7]{26,57}$/);
  const others = [{ ...withAll, id: 'x' }, { ...withAll, site: 'x' }, { ...withAll, vendor: 'x' }, { ...withAll, site: withAll.site.slice(0, -1), id: `${withAll.site.slice(-1)}${withAll.id}` }];
  expect(new Set([a.meeting, ...others.map((identity) => bench.ref('a', identity).meeting)]).size).toBe(5);
});
