import type { Response } from 'express';
import { z } from 'zod';
import type { Answer } from './contents.ts';

type Behaviour = (answer: Answer | undefined, response: Response, delay: number) => void;

const behaviours = {
  normal: send,
  /** Gives the right answer, late. */
  slow: (answer, response, delay) => {
    setTimeout(send, delay, answer, response).unref();
  },
  error: (_answer, response) => {
    response.status(500).json({ error: 'the stand-in is in the mode error' });
  },
  html: (_answer, response) => {
    response.type('html').send('<!doctype html><title>Sign in</title>');
  },
  huge: (answer, response) => {
    send(answer && { ...answer, variables: { ...answer.variables, note: 'x'.repeat(1_000_000) } }, response);
  },
  'wrong-template': (answer, response) => {
    send(answer && { ...answer, template: 'no-such-template' }, response);
  },
  'missing-variables': (answer, response) => {
    send(answer && { ...answer, variables: {} }, response);
  },
  hostile: (answer, response) => {
    send(answer && hostile(answer), response);
  },
  /** Breaks the connection. */
  down: (_answer, response) => {
    response.socket?.resetAndDestroy();
  },
} satisfies Record<string, Behaviour>;

const names = Object.keys(behaviours) as (keyof typeof behaviours)[];

/** How the stand-in behaves. `delay`, in ms, applies to `slow`. */
export const modeSchema = z.object({
  mode: z.enum(names),
  delay: z.int().min(0).max(60_000).default(5_000),
});
export type Mode = z.infer<typeof modeSchema>;

/** Answers as the mode says. @param answer undefined when there is no content. */
export function respond({ mode, delay }: Mode, answer: Answer | undefined, response: Response): void {
  const behave: Behaviour = behaviours[mode];
  behave(answer, response, delay);
}

function send(answer: Answer | undefined, response: Response): void {
  if (answer === undefined) response.status(204).end();
  else response.json(answer);
}

/** Texts that would do harm if a template ran or trusted them. They fit the template otherwise. */
function hostile(answer: Answer): Answer {
  return {
    ...answer,
    subject: '{{ name }}<b>\u00A0{% raw %}',
    variables: {
      ...answer.variables,
      headline: '<script>alert("x")</script>{{ name }}',
      action: `Join'"><img src=x>`,
    },
  };
}
