import { startProductionStack, type ProductionStack } from '../../local/production/stack.ts';
import type { Services } from '../../local/production/services.ts';
import { firestoreGate } from './firestore-gate.ts';
import type { Gate } from './gate.ts';
import { httpGate } from './http-gate.ts';
import { ShiftedClock } from './shifted-clock.ts';

/** The functions that lead from a purchase to an email. */
const functionNames = ['recordTransaction', 'targetCustomer', 'resumeEmails'] as const;
export type FunctionName = (typeof functionNames)[number];

/** The paths of the calls to SendGrid and to Analytics. */
export const mailSend = '/v3/mail/send';
export const analyticsContent = '/v1/content';

/** The gates between one function and the services that it calls. */
export interface Gates {
  readonly firestore: Gate;
  readonly sendgrid: Gate;
  readonly analytics: Gate;
}

/** The production-shaped stack, with gates that can hold calls and a clock that tests advance. */
export interface GatedStack extends ProductionStack {
  readonly clock: ShiftedClock;
  readonly gates: Readonly<Record<FunctionName, Gates>>;
}

/** @param env configuration of the functions. */
export async function startGatedStack(env: Readonly<Record<string, string>> = {}): Promise<GatedStack> {
  const clock = await ShiftedClock.start();
  const closers = [() => clock.close()];
  const gates: Record<string, Gates> = {};
  const closeAll = async () => {
    for (const close of closers) await close();
  };
  try {
    const stack = await startProductionStack({
      functions: functionNames,
      nodeOptions: clock.nodeOptions,
      env: { ...clock.env, ...env },
      adjust: (declared) => ({ ...declared, minimumBackoffSeconds: 0.1, maximumBackoffSeconds: 1 }),
      async between(name, services) {
        const gated = await gatedServices(services);
        closers.push(gated.close);
        gates[name] = gated.gates;
        return gated.services;
      },
    });
    const stop = async () => {
      await stack.stop();
      await closeAll();
    };
    return { ...stack, clock, gates: gates as Record<FunctionName, Gates>, stop };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

async function gatedServices(services: Services) {
  const [firestore, sendgrid, analytics] = await Promise.all([
    firestoreGate(services.firestore),
    httpGate(services.sendgrid),
    httpGate(services.analytics),
  ]);
  return {
    gates: { firestore: firestore.gate, sendgrid: sendgrid.gate, analytics: analytics.gate },
    services: { firestore: firestore.host, sendgrid: sendgrid.url, analytics: analytics.url },
    close: async () => {
      await Promise.all([firestore.close(), sendgrid.close(), analytics.close()]);
    },
  };
}
