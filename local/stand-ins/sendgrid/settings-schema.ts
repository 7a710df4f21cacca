import { z } from 'zod';

/** A boolean. @param name in SendGrid's message when the value is not a boolean. */
function flag(name: string) {
  return z.boolean({ error: `The ${name} param should be a boolean value.` }).optional();
}

/** https://www.twilio.com/docs/sendgrid/api-reference/mail-send/errors#mail-settings-errors */
export const mailSettingsSchema = z.object({
  sandbox_mode: z.object({ enable: flag('sandbox mode enable') }).optional(),
  bypass_list_management: z.object({ enable: flag('bypass list management enable') }).optional(),
  footer: z.object({ enable: flag('footer enable') }).optional(),
});

/** https://www.twilio.com/docs/sendgrid/api-reference/mail-send/errors#tracking-settings-errors */
export const trackingSettingsSchema = z.object({
  click_tracking: z
    .object({ enable: flag('click tracking enable'), enable_text: flag('click tracking enable text') })
    .optional(),
  open_tracking: z.object({ enable: flag('open tracking enable') }).optional(),
  subscription_tracking: z.object({ enable: flag('subscription tracking enable') }).optional(),
  ganalytics: z.object({ enable: flag('Google Analytics enable') }).optional(),
});
