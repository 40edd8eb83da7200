import pg from 'pg';
import { meetingKey } from '../../adapters/ledger/index.js';
import { startTestLedger, type TestLedger } from '../support/postgres.js';
import { aFinding, aSnapshot, aSpec, anIdentity } from '../support/specs.js';

let store: TestLedger;
beforeAll(async () => void (store = await startTestLedger()));
afterAll(() => store?.stop());

test('nothing that names a person or leads to a meeting is in any table in the clear', async () => {
  const { ledger, keyring } = store;
  const host = { email: 'secret.host@example.org', displayName: 'secret-name', sites: ['secret-site.example.org'] };
  await ledger.campaigns.save(aSpec('c', { scope: { hosts: [host.email], sites: 'all', horizonMs: 1 } }));
  await ledger.inventory.addHosts('c', 'run', [{ host, lane: 'ops-1' }]);
  await ledger.inventory.finishHost({ campaign: 'c', token: 'run', lane: 'ops-1', host, findings: [aFinding('1')], unreadable: [] });
  const ref = { campaign: 'c', meeting: meetingKey(keyring, anIdentity('1')) };
  await ledger.items.move(ref, 'running');
  await ledger.items.saveSnapshot(ref, aSnapshot('1'), null);
  await ledger.items.saveReplacement(ref, anIdentity('new'));
  await ledger.items.move(ref, 'replaced', { verifiedAt: new Date().toISOString(), graceEndsAt: new Date().toISOString() });
  await ledger.notices.queue(ref, 'replaced', []);
  await ledger.notices.assign('c');
  const client = new pg.Client(store.databaseUrl);
  await client.connect();
  const { rows: tables } = await client.query<{ name: string }>(`select table_name as name from information_schema.tables where table_schema = 'public'`);
  for (const { name } of tables) {
    const { rows } = await client.query<{ line: string }>(`select t::text as line, encode(convert_to(t::text, 'utf8'), 'escape') as raw from "${name}" t`);
    const text = rows.map(({ line }) => line.replace(/\\x([0-9a-f]+)/g, (_, hex: string) => Buffer.from(hex, 'hex').toString('latin1'))).join('\n');
    expect(text).not.toMatch(/secret/i);
  }
  await client.end();
});
