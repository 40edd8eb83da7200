import { createTransport } from 'nodemailer';
import { hostsOf, inDays, legacy, occurrencesOf, replacementBody, start, stopAll, type Client, type Fields } from './simulator-client.js';

afterEach(stopAll);

const clean = { legacyLeft: 0, duplicates: 0, orphans: 0, deletedBeforeTold: 0, deletedBeforeReplaced: 0, quotaOverspent: 0, lostInvitees: 0 };
const rule = { title: 'Vorla Teskum', start: inDays(3), end: inDays(3, 11), recurrence: 'FREQ=WEEKLY;COUNT=6' };
const invitees = [{ email: 'anna@guest.example.org' }, { email: 'bo@guest.example.org' }];
const at = (week: number, hour = 10): string => inDays(3 + 7 * week, hour);

/** A weekly series, tidied by its organiser: moved, renamed, with another list, longer, deleted; in that order from the second on. */
class Campaign {
  private constructor(
    readonly client: Client,
    readonly hostEmail: string,
    readonly old: Fields & { id: string },
  ) {}

  static async begin(planned: Fields = {}, options: Parameters<typeof start>[0] = {}): Promise<Campaign> {
    const client = await start(options);
    const [hostEmail = ''] = await hostsOf(client);
    const old = await legacy(client, hostEmail, { ...rule, invitees, ...planned });
    const campaign = new Campaign(client, hostEmail, old);
    await campaign.organise(1, { start: at(1, 14), end: at(1, 15) });
    await campaign.organise(2, { title: 'Plimtarok' });
    await campaign.organise(3, { invitees: { add: ['cy@guest.example.org'], remove: ['anna@guest.example.org'] } });
    await campaign.organise(4, { end: at(4, 12) });
    await client.control('POST', `meetings/${old.id}/occurrences/${at(5)}/delete`);
    return campaign;
  }

  organise = (week: number, body: Fields, id = this.old.id): Promise<Fields> => this.client.control('POST', `meetings/${id}/occurrences/${at(week)}/edit`, body);

  async replace(more: Fields = {}): Promise<{ id: string; webLink: unknown }> {
    const { body } = await this.client.post('/meetings', replacementBody(this.hostEmail, { ...rule, timezone: 'UTC', invitees, ...more }));
    return { id: String(body['id']), webLink: body['webLink'] };
  }

  occurrence = (id: string, week: number): string => `${id}_${at(week).replace(/[-:]/g, '')}`;
  patch = (id: string, week: number, body: Fields): Promise<{ status: number }> =>
    this.client.patch(`/meetings/${this.occurrence(id, week)}`, { hostEmail: this.hostEmail, sendEmail: false, timezone: 'UTC', ...body });

  async invite(id: string): Promise<void> {
    await this.client.post('/meetingInvitees', { meetingId: this.occurrence(id, 3), hostEmail: this.hostEmail, email: 'cy@guest.example.org', sendEmail: false });
  }

  /** Everything that was changed of single occurrences, but the invitees. */
  async carryOver(id: string): Promise<void> {
    expect((await this.patch(id, 1, { start: at(1, 14), end: at(1, 15) })).status).toBe(200);
    expect((await this.patch(id, 2, { title: 'Plimtarok' })).status).toBe(200);
    expect((await this.patch(id, 4, { start: at(4), end: at(4, 12) })).status).toBe(200);
    await this.remove(this.occurrence(id, 5));
  }

  async remove(id: string): Promise<void> {
    expect((await this.client.delete(`/meetings/${id}`, { hostEmail: this.hostEmail, sendEmail: 'false' })).status).toBe(204);
  }

  async tellAndRetire(link: unknown): Promise<void> {
    const transport = createTransport(this.client.simulators.smtp.url);
    await transport.sendMail({ from: 'relink@example.org', to: this.hostEmail, subject: 'A new link', text: String(link) });
    transport.close();
    await this.remove(this.old.id);
  }

  audit = (query = ''): Promise<Fields> => this.client.control('GET', `audit?cutoff=2024-05-28T00:00:00Z${query}`);
}

test('a series with exceptions is to be replaced as any other', async () => {
  expect(await (await Campaign.begin()).audit()).toEqual({ ...clean, legacyLeft: 1 });
});

test('a replacement with all occurrences as they were, and all invitees, leaves nothing to complain about', async () => {
  const campaign = await Campaign.begin();
  const { id, webLink } = await campaign.replace();
  expect(await campaign.audit('&settled=no')).toEqual({ ...clean, legacyLeft: 1 });
  await campaign.carryOver(id);
  await campaign.invite(id);
  expect(await campaign.audit('&settled=no')).toEqual({ ...clean, legacyLeft: 1 });
  await campaign.tellAndRetire(webLink);
  expect(await campaign.audit()).toEqual(clean);
});

test('the occurrence that was deleted may as well not be created', async () => {
  const campaign = await Campaign.begin();
  const { id } = await campaign.replace({ recurrence: 'FREQ=WEEKLY;COUNT=5' });
  expect(await campaign.audit('&settled=no')).toEqual({ ...clean, legacyLeft: 1 });
  await campaign.patch(id, 1, { start: at(1, 14), end: at(1, 15) });
  await campaign.patch(id, 2, { title: 'Plimtarok' });
  await campaign.patch(id, 4, { start: at(4), end: at(4, 12) });
  expect(await campaign.audit(`&exclude=${campaign.old.id}`)).toEqual(clean);
});

test.each<[string, (campaign: Campaign, id: string) => Promise<unknown>]>([
  ['one occurrence is not moved', (campaign, id) => campaign.patch(id, 1, { start: at(1), end: at(1, 11) })],
  ['one has another length', (campaign, id) => campaign.patch(id, 4, { start: at(4), end: at(4, 11) })],
  ['one has another title', (campaign, id) => campaign.patch(id, 2, { title: 'Quib' })],
  ['one too many was renamed', (campaign, id) => campaign.patch(id, 0, { title: 'Quib' })],
  ['one too many was deleted', (campaign, id) => campaign.remove(campaign.occurrence(id, 0))],
])('when %s the replacement is an unfinished one: an orphan once the campaign is over', async (_what, spoil) => {
  const campaign = await Campaign.begin();
  const { id, webLink } = await campaign.replace();
  await campaign.carryOver(id);
  await spoil(campaign, id);
  expect(await campaign.audit('&settled=no')).toEqual({ ...clean, legacyLeft: 1 });
  expect(await campaign.audit()).toEqual({ ...clean, legacyLeft: 1, orphans: 1 });
  await campaign.tellAndRetire(webLink);
  expect(await campaign.audit()).toMatchObject({ orphans: 1, deletedBeforeTold: 1, deletedBeforeReplaced: 1 });
});

test('two unfinished replacements are a duplicate while the campaign is at work', async () => {
  const campaign = await Campaign.begin();
  await campaign.replace();
  await campaign.replace();
  expect(await campaign.audit('&settled=no')).toEqual({ ...clean, legacyLeft: 1, duplicates: 1 });
});

test('a replacement that was finished after the deletion came too late', async () => {
  const campaign = await Campaign.begin();
  const { id, webLink } = await campaign.replace();
  await campaign.tellAndRetire(webLink);
  await campaign.carryOver(id);
  await campaign.invite(id);
  expect(await campaign.audit()).toEqual({ ...clean, deletedBeforeTold: 1, deletedBeforeReplaced: 1 });
});

test('who was invited to one occurrence is lost when that occurrence of the replacement does not invite them', async () => {
  const campaign = await Campaign.begin();
  const { id, webLink } = await campaign.replace();
  await campaign.carryOver(id);
  await campaign.tellAndRetire(webLink);
  expect(await campaign.audit()).toEqual({ ...clean, lostInvitees: 1 });
});

test('who is taken from the list of one occurrence by the campaign is lost', async () => {
  const campaign = await Campaign.begin();
  const { id, webLink } = await campaign.replace();
  await campaign.carryOver(id);
  await campaign.invite(id);
  const { items } = await campaign.client.all('/meetingInvitees', { meetingId: campaign.occurrence(id, 1), hostEmail: campaign.hostEmail });
  await campaign.client.delete(`/meetingInvitees/${String(items[0]?.['id'])}`, { hostEmail: campaign.hostEmail });
  await campaign.tellAndRetire(webLink);
  expect(await campaign.audit()).toEqual({ ...clean, lostInvitees: 1 });
});

test('what the organiser changes of the replacement, or changed of the legacy meeting meanwhile, is not held against the campaign', async () => {
  const campaign = await Campaign.begin();
  const { id, webLink } = await campaign.replace();
  await campaign.carryOver(id);
  await campaign.invite(id);
  await campaign.organise(0, { title: 'Quib' }, id);
  await campaign.organise(0, { start: at(0, 12) });
  expect(await campaign.audit('&settled=no')).toEqual({ ...clean, legacyLeft: 1 });
  await campaign.tellAndRetire(webLink);
  expect(await campaign.audit()).toEqual(clean);
});

test('a campaign cannot make the legacy meeting look like its replacement', async () => {
  const campaign = await Campaign.begin();
  await campaign.replace({ recurrence: 'FREQ=WEEKLY;COUNT=5' });
  await campaign.patch(campaign.old.id, 1, { start: at(1), end: at(1, 11) });
  await campaign.patch(campaign.old.id, 2, { title: 'Vorla Teskum' });
  await campaign.patch(campaign.old.id, 4, { start: at(4), end: at(4, 11) });
  expect(await campaign.audit()).toEqual({ ...clean, legacyLeft: 1, orphans: 1 });
});

test('a legacy meeting that was hardened in place before it was replaced is the same meeting', async () => {
  const campaign = await Campaign.begin();
  await campaign.client.patch(`/meetings/${campaign.old.id}`, { hostEmail: campaign.hostEmail, sendEmail: false, unlockedMeetingJoinSecurity: 'blockFromJoin' });
  const { id, webLink } = await campaign.replace();
  await campaign.carryOver(id);
  await campaign.invite(id);
  await campaign.tellAndRetire(webLink);
  expect(await campaign.audit()).toEqual(clean);
});

test('a past exception need not be carried over, and an endless series may have one years ahead', async () => {
  const endless = { start: '2024-02-05T08:00:00Z', end: '2024-02-05T09:00:00Z', recurrence: 'FREQ=WEEKLY;BYDAY=MO' };
  const client = await start();
  const [hostEmail = ''] = await hostsOf(client);
  const { id } = await legacy(client, hostEmail, endless);
  const coming = (await occurrencesOf(client, hostEmail, id, { to: inDays(900) })).filter(({ start: begins }) => Date.parse(begins) > Date.now());
  const far = coming.at(-1)?.start ?? '';
  for (const original of ['2024-02-12T08:00:00Z', far]) await client.control('POST', `meetings/${id}/occurrences/${original}/edit`, { title: 'Plimtarok' });
  const { body } = await client.post('/meetings', replacementBody(hostEmail, { ...endless, start: coming[0]?.start, end: coming[0]?.end }));
  const audit = (): Promise<Fields> => client.control('GET', `audit?cutoff=2024-05-28T00:00:00Z&exclude=${id}`);
  expect(await audit()).toEqual({ ...clean, orphans: 1 });
  await client.patch(`/meetings/${String(body['id'])}_${far.replace(/[-:]/g, '')}`, { hostEmail, title: 'Plimtarok' });
  expect(await audit()).toEqual(clean);
});
