/** Requests as `@grpc/proto-loader` decodes them (google/firestore/v1/firestore.proto). */
import type { StructuredAggregationQuery } from './aggregation.ts';
import type { Reading } from './database.ts';
import type { StructuredQuery } from './query.ts';
import type { TransactionOptions } from './transactions.ts';
import type { Write } from './writes.ts';

export interface OfDatabase {
  readonly database?: string;
}

export interface Mask {
  readonly fieldPaths: readonly string[];
}

export interface CommitRequest extends OfDatabase {
  readonly writes: readonly Write[];
  readonly transaction?: Uint8Array;
}

export interface BeginRequest extends OfDatabase {
  readonly options?: TransactionOptions | null;
}

export interface RollbackRequest extends OfDatabase {
  readonly transaction?: Uint8Array;
}

export interface BatchGetRequest extends OfDatabase, Reading {
  readonly documents: readonly string[];
  readonly mask?: Mask | null;
}

export interface QueryRequest extends Reading {
  readonly parent?: string;
  readonly structuredQuery?: StructuredQuery;
  readonly explainOptions?: object | null;
}

export interface AggregationRequest extends Reading {
  readonly parent?: string;
  readonly structuredAggregationQuery?: StructuredAggregationQuery;
  readonly explainOptions?: object | null;
}

export interface Page {
  readonly parent?: string;
  readonly pageSize?: number;
  readonly pageToken?: string;
}

export interface ListRequest extends Page, Reading {
  readonly collectionId?: string;
  readonly orderBy?: string;
  readonly mask?: Mask | null;
  readonly showMissing?: boolean;
}
