import { join } from 'node:path';
import { loadAdvisory } from '../../adapters/runtime/config/index.js';
import { cutOff } from '../../domain/advisory.js';
import type { Screen } from '../io.js';
import { onStage, type Stage } from '../stage/stage.js';
import { ADVISORY, demoFiles, type DemoOptions } from './settings.js';

export interface DemoStage extends Stage {
  /** Of the advisory, margin included. */
  readonly cutOff: string;
  /** Path of campaign.yaml. */
  readonly campaign: string;
}

/** A stage with a made-up organisation, and the two files that its operator wrote. */
export async function onDemoStage<T>(options: DemoOptions, screen: Screen, act: (stage: DemoStage) => Promise<T>): Promise<T> {
  const cut = cutOff(await loadAdvisory(ADVISORY, '.', new Date()));
  const flags = (['meetings', 'hosts', 'seed', 'faults', 'kinds', 'scale'] as const).flatMap((name) => [`--${name}`, String(options[name])]);
  return onStage(
    {
      purpose: 'demo',
      keep: options.keep,
      props: {},
      simulators: [...flags, ...(options.kinds === 'all' ? ['--supports', 'room,departed'] : [])],
      async files(simulators) {
        const { vendorUrl, smtpUrl, tokens } = simulators;
        const [heir = ''] = await simulators.hosts();
        const { relink, campaign } = demoFiles(options, { baseUrl: vendorUrl, cutOff: cut, heir });
        return { 'relink.yaml': relink, 'campaign.yaml': campaign, token: tokens[0] ?? '', smtp: smtpUrl, 'inventory.csv': await simulators.inventory(cut) };
      },
    },
    screen,
    (stage) => act({ ...stage, cutOff: cut, campaign: join(stage.folder, 'campaign.yaml') }),
  );
}
