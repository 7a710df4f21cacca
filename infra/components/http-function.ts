import * as pulumi from '@pulumi/pulumi';
import { isPublic } from '../../functions/manifest.ts';
import { cloudName } from '../../functions/names.ts';
import { CloudFunction, type CloudFunctionArgs } from './cloud-function.ts';

/** A function that is called over HTTP. Everyone may call it if the manifest says so; otherwise access is granted by hand. */
export class HttpFunction extends pulumi.ComponentResource {
  constructor(args: CloudFunctionArgs, options?: pulumi.ComponentResourceOptions) {
    super('farmacy:infra:HttpFunction', cloudName(args.definition.name), {}, options);
    const deployed = new CloudFunction(args, { parent: this });
    if (isPublic(args.definition)) deployed.grantInvoker('public', 'allUsers');
    this.registerOutputs({});
  }
}
