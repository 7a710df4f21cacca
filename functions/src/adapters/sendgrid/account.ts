/** The account that emails are sent with, and how it is talked to. */
export interface SendgridConfig {
  readonly apiKey: string;
  /** Where the data of an email resides. `eu` needs a subuser of that region. */
  readonly region: 'global' | 'eu';
  /** Instead of the region's own address, for a stand-in. */
  readonly baseUrl?: string;
  /** The deadline of one attempt, from looking the host up to the last byte of the answer, in ms. */
  readonly timeout: number;
  /** SendGrid then checks every email and delivers none. */
  readonly sandbox: boolean;
  readonly sender: { readonly email: string; readonly name: string };
}
