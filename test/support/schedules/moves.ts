import type { EngagementType } from '../../../functions/src/domain/engagement.ts';
import type { Choice } from '../../../functions/src/domain/subscription.ts';
import type { Source } from '../../../functions/src/domain/transaction.ts';
import type { Fault, FaultModes } from './fault-modes.ts';
import type { EventKind } from './reports.ts';

/**
 * What can happen next. `pick` chooses among what there is, the latest first, and starts over at the end; where there is
 * nothing, nothing happens. `calls` is the number of calls that a run makes before it stops. `age` is in ms.
 */
export type Move =
  /** A purchase is published and delivered. */
  | {
      readonly move: 'buy';
      readonly buyer: number | undefined;
      readonly source: Source;
      readonly age: number;
      readonly calls: number;
    }
  /** A source publishes a purchase again, or another purchase under the same ID. */
  | { readonly move: 'repeat' | 'contradict'; readonly pick: number }
  /** An engagement is published and delivered. */
  | {
      readonly move: 'engage';
      readonly buyer: number;
      readonly type: EngagementType;
      readonly age: number;
      readonly calls: number;
    }
  /** SendGrid's webhook reports events of an email that SendGrid has accepted. */
  | {
      readonly move: 'report';
      readonly pick: number;
      readonly kinds: readonly EventKind[];
      readonly calls: number;
    }
  /** A message is delivered, or a customer's change by Eventarc; with `again`, one that may have been acknowledged. */
  | {
      readonly move: 'deliver' | 'notify';
      readonly pick: number;
      readonly again: boolean;
      readonly calls: number;
    }
  | { readonly move: 'resume'; readonly calls: number }
  /** A customer uses the unsubscribe page; the latest is the one of the last notification, who may be about to get an email. */
  | {
      readonly move: 'choose';
      readonly buyer: number | 'latest';
      readonly choice: Choice;
      readonly calls: number;
    }
  /** A run makes further calls. */
  | { readonly move: 'advance'; readonly pick: number; readonly calls: number }
  /** The next call of a run fails. */
  | { readonly move: 'fail'; readonly pick: number; readonly fault: Fault }
  | { readonly move: 'kill'; readonly pick: number }
  /** All runs finish, at the same time. */
  | { readonly move: 'finish-all' }
  | { readonly move: 'pass-time'; readonly time: number }
  | ({ readonly move: 'set-fault-modes' } & Readonly<FaultModes>)
  /** An operator pauses or resumes all sending. */
  | { readonly move: 'switch'; readonly isPaused: boolean };

/** More calls than any run makes. */
export const ALL = 30;

export type MoveOf<K extends Move['move']> = Move & { readonly move: K };

/** The part of the configuration that schedules vary. */
export interface Rules {
  readonly webhookConfigured: boolean;
  readonly cooldown: number;
  readonly maxEmails: number;
  readonly maxAttempts: number;
  readonly batchSize: number;
  readonly concurrency: number;
}

export interface Schedule {
  /** Without kills and outages, a model says how many emails each customer gets. */
  readonly withFaults: boolean;
  /** Of the random numbers that the functions and their clients draw. */
  readonly seed: number;
  readonly rules: Rules;
  readonly moves: readonly Move[];
}
