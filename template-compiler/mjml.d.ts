declare module 'mjml' {
  /** The part of MJML 5 that this project uses. The package has no types. */
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
