/** `npm run selftest -- --url URL`: tries the safe part of the containment corpus on a service in use. */
import { parseArgs } from 'node:util';
import { attemptsOn, makeAttempt, type AttemptReport } from './attempts';
import { type Address, CannotAsk, Deployment } from './deployment';
import { exitCodeOf, type ExitCode, jsonOf, tableOf } from './report';

const USAGE = `Usage: npm run selftest -- --url URL [--json] [--header "NAME: VALUE"]...
  --url     of the API, such as https://pycell.example or, behind the console, https://console.example/api
  --json    the report as JSON instead of a table
  --header  is sent with every request, such as a key
Exit codes: 0 all was held, 1 something was not or nothing is isolated, 2 the service could not be asked.`;

/** A run that was never sent again: more of the same would only take time. */
const HOPELESS = 3;

/** Where the report goes, and where what is going on. */
export interface Output {
  readonly report: (text: string) => void;
  readonly progress: (text: string) => void;
}

/** Runs the command. Never rejects for what the user or the service does. */
export async function main(args: readonly string[], { report, progress }: Output): Promise<ExitCode> {
  try {
    const { address, asJson } = readArguments(args);
    progress(`Asking ${address.url}`);
    const deployment = await Deployment.find(address);
    const found = {
      url: address.url,
      service: deployment.described,
      attempts: await tryAll(deployment, progress),
    };
    report(asJson ? jsonOf(found) : tableOf(found));
    return exitCodeOf(found);
  } catch (error) {
    if (error instanceof CannotAsk) {
      progress(error.message);
      return 2;
    }
    throw error;
  }
}

async function tryAll(
  deployment: Deployment,
  progress: Output['progress'],
): Promise<readonly AttemptReport[]> {
  if (deployment.described.isolation === 'none') {
    return [];
  }
  // A service that runs no script at all holds every attempt, and proves nothing.
  const { result, code } = await deployment.execute('def main():\n    return 1\n');
  if (result !== 1) {
    throw new CannotAsk(
      `The service does not run a harmless script: it answered ${code ?? 'another result'}. GET /health/ready and its log tell why.`,
    );
  }
  const attempts = attemptsOn(deployment.described);
  const reports: AttemptReport[] = [];
  let inARow = 0;
  for (const attempt of attempts) {
    progress(`${reports.length + 1} of ${attempts.length}: ${attempt.name}`);
    const found =
      inARow >= HOPELESS
        ? {
            theme: attempt.theme,
            name: attempt.name,
            verdict: 'unproved' as const,
            detail: 'not tried any more',
          }
        : await makeAttempt(deployment, attempt);
    inARow = found.verdict === 'unproved' ? inARow + 1 : 0;
    reports.push(found);
  }
  return reports;
}

function readArguments(args: readonly string[]): { readonly address: Address; readonly asJson: boolean } {
  const { url, header, json } = parse(args);
  if (!url || !URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new CannotAsk(`${url ? `${url} is no http or https address` : '--url is missing'}.\n${USAGE}`);
  }
  const headers = header.map((line): [string, string] => {
    const [, name, value] = /^([\w!#$%&'*+.^`|~-]+):\s*([\x20-\x7e]*)$/.exec(line) ?? [];
    if (name === undefined || value === undefined) {
      // Not shown: it may be a key.
      throw new CannotAsk(`A --header is not of the form "NAME: VALUE".\n${USAGE}`);
    }
    return [name, value];
  });
  return { address: { url, headers: Object.fromEntries(headers) }, asJson: json };
}

function parse(args: readonly string[]): { url: string | undefined; header: string[]; json: boolean } {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        url: { type: 'string' },
        header: { type: 'string', multiple: true, default: [] },
        json: { type: 'boolean', default: false },
      },
    });
    return { url: values.url, header: values.header, json: values.json };
  } catch (error) {
    // An option that there is not, or one without its value.
    throw new CannotAsk(`${(error as Error).message}\n${USAGE}`);
  }
}
