/**
 * Loaded before a function's own code (`node --import`). Its clock is ahead of the machine's clock by the number of ms in
 * the file, from the moment the file changes.
 */
import { readFileSync } from 'node:fs';

const file = process.env['CLOCK_OFFSET_FILE'] ?? '';
const MachineDate = Date;

class ShiftedDate extends MachineDate {
  constructor(...given: unknown[]) {
    super(...((given.length === 0 ? [ShiftedDate.now()] : given) as [number]));
  }

  static override now(): number {
    return MachineDate.now() + Number(readFileSync(file, 'utf8'));
  }
}

globalThis.Date = ShiftedDate as DateConstructor;
