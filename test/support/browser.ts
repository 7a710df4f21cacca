import { chromium, type Browser } from 'playwright-core';
import { findChromium, headlessArguments } from '../../local/chromium.ts';

/** Starting a browser, and unpacking it the first time, may take this many ms. */
export const BROWSER_START = 60_000;

export async function startBrowser(): Promise<Browser> {
  const { executablePath, env } = await findChromium();
  return chromium.launch({ executablePath, args: [...headlessArguments], env: { ...process.env, ...env } });
}
