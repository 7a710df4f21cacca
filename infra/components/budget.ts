import * as gcp from '@pulumi/gcp';
import * as pulumi from '@pulumi/pulumi';

export interface BudgetArgs {
  readonly project: string;
  readonly billingAccount: string;
  /** A month, in units of the billing account's currency. */
  readonly amount: number;
}

/** Tells the people of the billing account when a month costs more than it should, before it is over. */
export class Budget extends pulumi.ComponentResource {
  constructor({ project, billingAccount, amount }: BudgetArgs, options?: pulumi.ComponentResourceOptions) {
    super('farmacy:infra:Budget', 'budget', {}, options);
    // A budget knows projects by number, and its name has at most 60 characters
    // (https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/billing_budget).
    const { number } = gcp.organizations.getProjectOutput({ projectId: project });
    // With a person's credentials, the API wants to know which project asks
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
        // Without a currency, the one of the billing account. Units are a string.
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
