import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stageFolder } from '../../client/stage/home-folder.js';

/** The id of a process that has ended. */
const deadPid = (): number => Number(execFileSync('/bin/sh', ['-c', 'echo $$'], { encoding: 'utf8' }));

test('what a process that was killed has left goes at the next start; not what is kept, or of one that lives', async () => {
  const { home, folder } = await stageFolder('probing', false);
  const dead = deadPid();
  const [left, kept] = [join(home, `probing-${dead}-left`), join(home, `probing-${dead}-kept`)];
  for (const each of [left, kept]) mkdirSync(each);
  writeFileSync(join(left, '.passing'), '');
  const next = await stageFolder('probing', true);
  expect([folder, kept, next.folder, left].map((each) => existsSync(each))).toEqual([true, true, true, false]);
  for (const each of [folder, kept, next.folder]) rmSync(each, { recursive: true });
});
