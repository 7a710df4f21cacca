import { expect } from 'chai';
import { expectEngagementsRecorded } from './engagement-promises.ts';
import type { Stored } from './final-state.ts';
import { factsOf, type Fact } from './history.ts';
import { expectLedgerInOrder } from './ledger-promises.ts';
import { expectedEmails } from './model.ts';
import type { Rules } from './moves.ts';
import { expectEverythingRecorded } from './recording-promises.ts';
import { expectReportsMerged } from './report-promises.ts';
import { expectNoDuplicates, expectOnlyWantedEmails } from './sending-promises.ts';
import type { Simulation } from './simulation.ts';
import { expectSettledAsDue } from './settling-promises.ts';
import { sendingPolicyUnder } from './system.ts';

/** Everything that the system promises about a schedule that has ended. @throws AssertionError */
export function expectPromisesKept(
  simulation: Simulation,
  stored: Stored,
  rules: Rules,
  withFaults: boolean,
): void {
  const { history } = simulation.chronicle;
  const policy = sendingPolicyUnder(rules);
  expectEverythingRecorded(simulation.purchases, stored);
  expectEngagementsRecorded(simulation.engagements, stored, rules);
  expectReportsMerged(simulation.reports, stored, history);
  expectOnlyWantedEmails(history, policy);
  expectNoDuplicates(history, policy);
  expectSettledAsDue(history, stored, policy);
  expectLedgerInOrder(stored, history, rules, simulation.engagements);
  expect(simulation.chronicle.renderingFailures, 'emails that could not be rendered').to.equal(0);
  if (!withFaults)
    expect(emailsClaimed(history), 'the emails claimed').to.deep.equal(expectedEmails(history, rules));
}

function emailsClaimed(history: readonly Fact[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { email } of factsOf(history, 'claimed')) {
    const { customerId, occasion } = email;
    if (occasion === undefined) counts.set(customerId, (counts.get(customerId) ?? 0) + 1);
  }
  return counts;
}
