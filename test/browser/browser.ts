import { chromium, type Browser } from 'playwright-core';
import { findChromium, headlessArguments } from './chromium.ts';

/** The most time that a browser may take to start, with unpacking it the first time. In ms. */
export const BROWSER_START = 60_000;

export async function startBrowser(): Promise<Browser> {
  const { executablePath, env } = await findChromium();
  return chromium.launch({ executablePath, args: [...headlessArguments], env: { ...process.env, ...env } });
}
