import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../adapters/runtime/package-root.js';
import { RELINK } from '../support/config-files.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'relink refused '));
  writeFileSync(join(folder, 'relink.yaml'), RELINK.replace('requestsPerMinute', 'baseUrl: http://127.0.0.1:9/v1\n    requestsPerMinute').replace('    baseUrl: https://webexapis.com/v1\n', ''));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function relink(...args: readonly string[]): Promise<{ readonly code: number; readonly err: string }> {
  const env = { ...process.env, WEBEX_OPS1_TOKEN: 'example', SMTP_URL: 'mail.example.org:587' };
  const child = spawn(process.execPath, [join(packageRoot(), 'client/relink.mjs'), ...args], { cwd: folder, env, stdio: ['ignore', 'ignore', 'pipe'] });
  let err = '';
  child.stderr.on('data', (text: Buffer) => (err += text.toString()));
  const [code] = (await once(child, 'close')) as [number];
  return { code, err };
}

test('a mail server that is no URL ends `up`, with what is wrong and all parts stopped: a worker that is started again would refuse it again', async () => {
  const { code, err } = await relink('up');
  expect([code, err.trim().split('\n').at(-1)]).toEqual([2, expect.stringContaining('the URL of the mail server is not an smtp:// or smtps:// URL')]);
  expect(err).not.toContain('mail.example.org');
  expect(readdirSync(join(folder, '.relink')).filter((name) => name.startsWith('stack.'))).toEqual([]);
});
