/** All functions of the manifest on one cloud, each behind a host that starts its process when it is needed. */
import { readManifest } from '../../functions/manifest.ts';
import { pubsubClient } from '../stack/clients.ts';
import type { RunningCloud } from './cloud.ts';
import type { EventarcStandIn } from './eventarc.ts';
import { FunctionHost, type FunctionHostOptions } from './function-host.ts';
import type { Closers } from './services.ts';
import { connectDocuments, connectTopics } from './triggers.ts';

/**
 * Resolves when every function gets its events. No process has been started then.
 * @param closers get a function for each part that stops it.
 */
export async function startFunctionHosts(
  cloud: RunningCloud,
  eventarc: EventarcStandIn,
  options: FunctionHostOptions,
  closers: Closers,
): Promise<FunctionHost[]> {
  const hosts: FunctionHost[] = [];
  for (const definition of readManifest().functions) {
    const host = await FunctionHost.start(definition, options);
    closers.push(() => host.close());
    hosts.push(host);
  }
  const pubsub = pubsubClient(cloud.env['PUBSUB_EMULATOR_HOST'] ?? '');
  await connectTopics(pubsub, hosts, {}, closers);
  await pubsub.close();
  await connectDocuments(eventarc, cloud, hosts);
  return hosts;
}
