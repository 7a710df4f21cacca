declare module 'mjml' {
  /** What this project uses of MJML 5, which comes without types. */
  export interface MjmlOptions {
    readonly filePath: string;
    readonly includePath: string;
    readonly ignoreIncludes: boolean;
    readonly keepComments: boolean;
    readonly validationLevel: 'soft';
    readonly fonts: Readonly<Record<string, string>>;
  }
  export interface MjmlFault {
    readonly line: number;
    readonly message: string;
    readonly tagName: string;
  }
  export default function mjml2html(
    mjml: string,
    options: MjmlOptions,
  ): Promise<{ readonly html: string; readonly errors: readonly MjmlFault[] }>;
}
