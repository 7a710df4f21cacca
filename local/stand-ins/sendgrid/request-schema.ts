import { z } from 'zod';
import {
  categoriesSchema,
  contentSchema,
  customArgsSchema,
  headersSchema,
  sendAtSchema,
  subjectSchema,
} from './field-schemas.ts';
import { missing, notModelled } from './schema-errors.ts';
import { mailSettingsSchema, trackingSettingsSchema } from './settings-schema.ts';

/**
 * The body of `POST /v3/mail/send`, with SendGrid's own message for every fault:
 * https://www.twilio.com/docs/sendgrid/api-reference/mail-send/mail-send
 *
 * Templates stored at SendGrid, attachments, unsubscribe groups and batches are not modelled. A request that uses them is
 * refused: ignoring them would show an email that SendGrid would not have sent.
 */

const MOST_PERSONALIZATIONS = 1000;
/** To, cc and bcc together. */
const MOST_RECIPIENTS = 1000;
/** In bytes, for each personalization. */
const MOST_CUSTOM_ARGS = 10_000;

const NO_PERSONALIZATION =
  'The personalizations field is required and must have at least one personalization.';
const NO_TO =
  'The to array is required for all personalization objects, and must have at least one email object with a valid email address.';
const NO_FROM =
  'The from object must be provided for every email send. It is an object that requires the email parameter, but may also ' +
  'contain a name parameter.  e.g. {"email" : "example@example.com"}  or {"email" : "example@example.com", "name" : "Example Recipient"}.';
const NO_SUBJECT =
  'The subject is required. You can get around this requirement if you use a template with a subject defined or if every ' +
  'personalization has a subject defined.';
const TOO_MANY_CUSTOM_ARGS =
  'The combined size of both global and personalization custom arguments may not exceed 10,000 bytes per personalization.';

function addressSchema(role: string, invalid = 'Does not contain a valid address.') {
  return z.object({
    email: z
      .string({ error: missing(`The ${role} email parameter is required.`) })
      .max(320, { error: `The ${role} email exceeds the maximum total length of 320 characters` })
      .refine(isAddress, { error: invalid }),
    name: z.string().optional(),
  });
}

function isAddress(value: string): boolean {
  return z.regexes.html5Email.test(value) && value.split('@')[1]?.includes('.') === true;
}

const personalizationSchema = z.object({
  to: z.array(addressSchema('to'), { error: missing(NO_TO) }).min(1, { error: NO_TO }),
  cc: z.array(addressSchema('cc')).optional(),
  bcc: z.array(addressSchema('bcc')).optional(),
  subject: subjectSchema.optional(),
  headers: headersSchema.optional(),
  custom_args: customArgsSchema.optional(),
  send_at: sendAtSchema.optional(),
  from: notModelled,
  substitutions: notModelled,
  dynamic_template_data: notModelled,
});
export type Personalization = z.infer<typeof personalizationSchema>;

const personalizationsSchema = z
  .array(personalizationSchema, { error: missing(NO_PERSONALIZATION) })
  .min(1, { error: NO_PERSONALIZATION })
  .superRefine((personalizations, context) => {
    const tooMany = tooManyPersonalizations(personalizations) ?? tooManyRecipients(personalizations);
    if (tooMany !== undefined) context.addIssue({ code: 'custom', message: tooMany });
    personalizations.forEach((personalization, position) => {
      const message = firstDuplicate(personalization, position);
      if (message !== undefined) context.addIssue({ code: 'custom', message, path: [position] });
    });
  });

function tooManyPersonalizations({ length }: readonly Personalization[]): string | undefined {
  if (length <= MOST_PERSONALIZATIONS) return undefined;
  return (
    `The personalization block is limited to 1000 personalizations per API request. You have provided ${length} ` +
    'personalizations. Please consider splitting this into multiple requests and resending your request.'
  );
}

function tooManyRecipients(personalizations: readonly Personalization[]): string | undefined {
  const recipients = personalizations.flatMap(({ to, cc = [], bcc = [] }) => [...to, ...cc, ...bcc]);
  if (recipients.length <= MOST_RECIPIENTS) return undefined;
  return 'There is a limit of 1000 total recipients (to + cc + bcc) per request.';
}

function firstDuplicate({ to, cc = [], bcc = [] }: Personalization, position: number): string | undefined {
  const seen = new Set<string>();
  for (const [field, addresses] of Object.entries({ to, cc, bcc })) {
    for (const { email } of addresses) {
      if (seen.has(email.toLowerCase())) {
        return (
          'Each email address in the personalization block should be unique between to, cc, and bcc. We found the first ' +
          `duplicate instance of [${email}] in the personalizations.${position}.${field} field.`
        );
      }
      seen.add(email.toLowerCase());
    }
  }
  return undefined;
}

function hasSubject({
  subject,
  personalizations,
}: {
  subject?: string | undefined;
  personalizations: Personalization[];
}) {
  return subject !== undefined || personalizations.every((each) => each.subject !== undefined);
}

export const mailSendSchema = z
  .object({
    personalizations: personalizationsSchema,
    from: z.object(addressSchema('from', 'The from email does not contain a valid address.').shape, {
      error: missing(NO_FROM),
    }),
    reply_to: addressSchema('reply_to').optional(),
    subject: subjectSchema.optional(),
    content: contentSchema,
    categories: categoriesSchema.optional(),
    headers: headersSchema.optional(),
    custom_args: customArgsSchema.optional(),
    send_at: sendAtSchema.optional(),
    mail_settings: mailSettingsSchema.optional(),
    tracking_settings: trackingSettingsSchema.optional(),
    template_id: notModelled,
    attachments: notModelled,
    sections: notModelled,
    asm: notModelled,
    batch_id: notModelled,
    ip_pool_name: notModelled,
    reply_to_list: notModelled,
  })
  .refine(hasSubject, { error: NO_SUBJECT, path: ['subject'] })
  .superRefine(({ custom_args: shared, personalizations }, context) => {
    personalizations.forEach(({ custom_args: own }, position) => {
      if (Buffer.byteLength(JSON.stringify({ ...shared, ...own })) <= MOST_CUSTOM_ARGS) return;
      const path = ['personalizations', position, 'custom_args'];
      context.addIssue({ code: 'custom', message: TOO_MANY_CUSTOM_ARGS, path });
    });
  });
export type MailSend = z.infer<typeof mailSendSchema>;
