import type { Aws } from '../model/ports.ts';

/** AWS for one reading of what is made of the same answers: what was asked is not asked a second time. */
export function answeringOnce(aws: Aws): Aws {
  const answers = new Map<string, Promise<unknown>>();
  const ask = aws as unknown as Readonly<Record<string, (operation: string, input: object) => Promise<unknown>>>;
  return new Proxy(aws, {
    get: (_target, service: string) => (operation: string, input: object) => {
      const question = JSON.stringify([service, operation, input]);
      const answer = answers.get(question) ?? ask[service]?.(operation, input);
      if (answer) answers.set(question, answer);
      return answer;
    },
  });
}
