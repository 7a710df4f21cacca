/**
 * Values as `@grpc/proto-loader` decodes them, and their order. The order is Firestore's own
 * (https://firebase.google.com/docs/firestore/manage-data/data-types#value_type_ordering).
 */
import { comparePaths, compareUtf8 } from './string-order.ts';

export interface Timestamp {
  /** Since 1970; absent for 0. */
  readonly seconds?: string;
  readonly nanos?: number;
}

interface GeoPoint {
  readonly latitude?: number;
  readonly longitude?: number;
}

export type Fields = Readonly<Record<string, Value>>;

export type Value =
  | { readonly valueType: 'nullValue'; readonly nullValue: 'NULL_VALUE' }
  | { readonly valueType: 'booleanValue'; readonly booleanValue: boolean }
  | { readonly valueType: 'integerValue'; readonly integerValue: string }
  | { readonly valueType: 'doubleValue'; readonly doubleValue: number }
  | { readonly valueType: 'timestampValue'; readonly timestampValue: Timestamp }
  | { readonly valueType: 'stringValue'; readonly stringValue: string }
  | { readonly valueType: 'bytesValue'; readonly bytesValue: Uint8Array }
  | { readonly valueType: 'referenceValue'; readonly referenceValue: string }
  | { readonly valueType: 'geoPointValue'; readonly geoPointValue: GeoPoint }
  | { readonly valueType: 'arrayValue'; readonly arrayValue: { readonly values: readonly Value[] } }
  | { readonly valueType: 'mapValue'; readonly mapValue: { readonly fields: Fields } };

export type NumberValue = Extract<Value, { valueType: 'integerValue' | 'doubleValue' }>;

export const NULL: Value = { valueType: 'nullValue', nullValue: 'NULL_VALUE' };

export const integer = (value: bigint | number): NumberValue => ({
  valueType: 'integerValue',
  integerValue: `${value}`,
});

export const double = (value: number): NumberValue => ({ valueType: 'doubleValue', doubleValue: value });

export const array = (values: readonly Value[]): Value => ({
  valueType: 'arrayValue',
  arrayValue: { values },
});

export const reference = (name: string): Value => ({ valueType: 'referenceValue', referenceValue: name });

export const map = (fields: Fields): Value => ({ valueType: 'mapValue', mapValue: { fields } });

export function isNumber(value: Value | undefined): value is NumberValue {
  return value?.valueType === 'integerValue' || value?.valueType === 'doubleValue';
}

export function isNaNValue(value: Value): boolean {
  return value.valueType === 'doubleValue' && Number.isNaN(value.doubleValue);
}

/** JavaScript compares a bigint with a number exactly. */
export function numeric(value: NumberValue): number | bigint {
  return value.valueType === 'doubleValue' ? value.doubleValue : BigInt(value.integerValue);
}

export function elements(value: Value | undefined): readonly Value[] {
  return value?.valueType === 'arrayValue' ? value.arrayValue.values : [];
}

const order = {
  nullValue: 0,
  booleanValue: 1,
  integerValue: 2,
  doubleValue: 2,
  timestampValue: 3,
  stringValue: 4,
  bytesValue: 5,
  referenceValue: 6,
  geoPointValue: 7,
  arrayValue: 8,
  mapValue: 9,
};

/** The place of the value's type in the order of types. */
export function typeOrder({ valueType }: Value): number {
  return order[valueType];
}

/** Negative, zero or positive, as for sorting. Values that are equal to a query compare as 0: 1 and 1.0, 0 and -0. */
export function compareValues(a: Value, b: Value): number {
  return typeOrder(a) - typeOrder(b) || comparisons[a.valueType](a as never, b as never);
}

type Of<Type extends Value['valueType']> = Extract<Value, { valueType: Type }>;

/** How to compare two values of one type; integers and doubles are one. */
const comparisons: {
  readonly [Type in Value['valueType']]: (a: Of<Type>, b: Of<Type>) => number;
} = {
  nullValue: () => 0,
  booleanValue: (a, b) => Number(a.booleanValue) - Number(b.booleanValue),
  integerValue: compareNumbers,
  doubleValue: compareNumbers,
  timestampValue: (a, b) => compareTimestamps(a.timestampValue, b.timestampValue),
  stringValue: (a, b) => compareUtf8(a.stringValue, b.stringValue),
  bytesValue: (a, b) => Buffer.compare(a.bytesValue, b.bytesValue),
  referenceValue: (a, b) => comparePaths(a.referenceValue, b.referenceValue),
  geoPointValue: (a, b) => compareGeoPoints(a.geoPointValue, b.geoPointValue),
  arrayValue: (a, b) => compareLists(a.arrayValue.values, b.arrayValue.values),
  mapValue: (a, b) => compareMaps(a.mapValue.fields, b.mapValue.fields),
};

/** NaN comes before every other number. */
function compareNumbers(a: NumberValue, b: NumberValue): number {
  const [one, other] = [numeric(a), numeric(b)];
  if (one < other) return -1;
  if (one > other) return 1;
  return Number(isNaNValue(b)) - Number(isNaNValue(a));
}

function compareTimestamps(a: Timestamp, b: Timestamp): number {
  return Number(a.seconds ?? 0) - Number(b.seconds ?? 0) || (a.nanos ?? 0) - (b.nanos ?? 0);
}

function compareGeoPoints(a: GeoPoint, b: GeoPoint): number {
  return (a.latitude ?? 0) - (b.latitude ?? 0) || (a.longitude ?? 0) - (b.longitude ?? 0);
}

function compareLists(a: readonly Value[], b: readonly Value[]): number {
  for (const [index, element] of a.entries()) {
    const other = b[index];
    if (other === undefined) return 1;
    const difference = compareValues(element, other);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** As lists of keys and values, in the order of the keys. */
function compareMaps(a: Fields, b: Fields): number {
  const ours = Object.keys(a).sort(compareUtf8);
  const theirs = Object.keys(b).sort(compareUtf8);
  for (const [index, key] of ours.entries()) {
    const other = theirs[index];
    if (other === undefined) return 1;
    const difference = compareUtf8(key, other) || compareValues(a[key] ?? NULL, b[other] ?? NULL);
    if (difference !== 0) return difference;
  }
  return ours.length - theirs.length;
}
