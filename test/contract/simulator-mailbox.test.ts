import { createTransport } from 'nodemailer';
import { start, stopAll, type Client } from './simulator-client.js';

afterEach(stopAll);

interface Kept {
  readonly to: string[];
  readonly messageId: string;
  readonly headers: Record<string, string>;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

const mailsOf = (client: Client): Promise<Kept[]> => client.control('GET', 'mails');

/** @returns the reply code that refused it, 'cut' when the connection broke, or null when it was accepted. */
async function send(client: Client, to: string): Promise<number | 'cut' | null> {
  const transport = createTransport(client.simulators.smtp.url);
  try {
    await transport.sendMail({ from: 'relink@example.org', to, subject: 'Plim für Sie', messageId: '<k1@relink.example.org>', text: 'Text é', html: '<b>Text é</b>', headers: { 'List-Id': 'relink' } });
    return null;
  } catch (cause) {
    return (cause as { responseCode?: number }).responseCode ?? 'cut';
  } finally {
    transport.close();
  }
}

test('a mail is kept as it was meant, with its headers', async () => {
  const client = await start();
  expect(await send(client, 'Anna <anna@example.org>')).toBeNull();
  const [mail, ...others] = await mailsOf(client);
  expect(others).toEqual([]);
  expect(mail).toMatchObject({ to: ['anna@example.org'], messageId: '<k1@relink.example.org>', subject: 'Plim für Sie', html: '<b>Text é</b>' });
  expect(mail?.text.trim()).toBe('Text é');
  expect(mail?.headers).toMatchObject({ 'list-id': 'relink', from: 'relink@example.org' });
});

test('an address can refuse for good, for now, and accept again', async () => {
  const client = await start();
  const set = (refuse: string | null): Promise<unknown> => client.control('POST', 'mailboxes', { address: 'Anna@example.org', refuse });
  await set('permanent');
  expect(await send(client, 'anna@example.org')).toBe(550);
  expect(await send(client, 'bo@example.org')).toBeNull();
  await set('temporary');
  expect(await send(client, 'anna@example.org')).toBe(451);
  await set(null);
  expect(await send(client, 'anna@example.org')).toBeNull();
  expect((await mailsOf(client)).map(({ to }) => to[0])).toEqual(['bo@example.org', 'anna@example.org']);
});

test('a hostile server refuses and breaks off, keeps nothing of that, and gives in to patience', async () => {
  const client = await start({ faults: 'hostile', seed: 6 });
  const met: unknown[] = [];
  for (let i = 0; i < 15; i++) {
    let tries = 0;
    for (let answer = await send(client, `p${i}@example.org`); answer !== null; answer = await send(client, `p${i}@example.org`)) {
      met.push(answer);
      tries += 1;
    }
    expect(tries).toBeLessThanOrEqual(2);
  }
  expect(new Set(met)).toEqual(new Set([451, 'cut']));
  expect(await mailsOf(client)).toHaveLength(15);
});
