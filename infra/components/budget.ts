import * as gcp from '@pulumi/gcp';
import * as pulumi from '@pulumi/pulumi';

export interface BudgetArgs {
  readonly project: string;
  readonly billingAccount: string;
  /** Per month, in units of the billing account's currency. */
  readonly amount: number;
}

/** Emails the administrators of the billing account when a month is going to exceed the budget. */
export class Budget extends pulumi.ComponentResource {
  constructor({ project, billingAccount, amount }: BudgetArgs, options?: pulumi.ComponentResourceOptions) {
    super('farmacy:infra:Budget', 'budget', {}, options);
    // A budget filters by project number, and its name has at most 60 characters
    // (https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/billing_budget).
    const { number } = gcp.organizations.getProjectOutput({ projectId: project });
    // With the credentials of a person, the API needs to know the calling project
    // (https://www.pulumi.com/registry/packages/gcp/api-docs/billing/budget).
    const provider = new gcp.Provider(
      'billing',
      { project, billingProject: project, userProjectOverride: true },
      { parent: this },
    );
    new gcp.billing.Budget(
      'budget',
      {
        billingAccount,
        displayName: `Farmacy personalization (${project})`,
        budgetFilter: { projects: [pulumi.interpolate`projects/${number}`] },
        // The default currency is that of the billing account. Units are a string.
        amount: { specifiedAmount: { units: String(amount) } },
        thresholdRules: [
          { thresholdPercent: 0.5 },
          { thresholdPercent: 0.9 },
          { thresholdPercent: 1, spendBasis: 'FORECASTED_SPEND' },
        ],
      },
      { parent: this, provider },
    );
    this.registerOutputs({});
  }
}
