import { setImmediate } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { STATUSES } from '@pycell/contracts';
import { ExecutionFailure, type HeardExecution, type OutputStream, type RunArtifact } from '@pycell/sandbox';
import { artifactFacts } from '../../answers/artifacts';
import { ExecutionFailures } from '../../answers/execution-failures';
import { base64Pieces, lineOf, stringPieces } from '../../answers/line-text';
import { type ErrorAnswer, ErrorAnswers } from '../../http/error-answers';
import { RequestFailure } from '../../http/request-failure';
import type { JobOutcome } from '../job';
import type { ToldOutput } from './told-output';

type Printed = Readonly<Record<OutputStream, string>>;

const NOTHING_RAN = '{}';
/** So many pieces of 16 to 64 KiB are made at a time. */
const PIECES_AT_ONCE = 8;

/** Puts what became of a job into the parts that are kept of it. Large texts are made in slices: others are served meanwhile. */
@Injectable()
export class JobOutcomes {
  constructor(
    private readonly failures: ExecutionFailures,
    private readonly answers: ErrorAnswers,
  ) {}

  /** Returns the outcome of one that returned. */
  async ofResult(
    { resultJson, artifacts, execution }: HeardExecution,
    told: ToldOutput,
  ): Promise<JobOutcome> {
    return {
      httpStatus: 200,
      result: resultJson,
      facts: lineOf({ execution }),
      output: await textOfOutput(told.printed),
      artifacts: await textsOf(artifacts),
    };
  }

  /** Returns the outcome of one that has no result, whatever the reason. @param id of the job: its error has no other request */
  async ofError(error: unknown, id: string, told: ToldOutput): Promise<JobOutcome> {
    if (error instanceof RequestFailure && error.code !== 'INTERNAL') {
      const { code, message, cause, hint } = error;
      return this.ofAnswer({ code, message, cause, facts: { hint } }, id);
    }
    return this.ofFailure(
      error instanceof ExecutionFailure ? error : this.failures.internal(error, id),
      id,
      told,
    );
  }

  /** Returns the outcome of one of which nothing ran. */
  ofAnswer(answer: ErrorAnswer, id: string): JobOutcome {
    const { http: httpStatus } = STATUSES[answer.code];
    const facts = lineOf(this.answers.bodyOf(answer, id));
    return { httpStatus, result: null, facts, output: NOTHING_RAN, artifacts: [] };
  }

  private async ofFailure(failure: ExecutionFailure, id: string, told: ToldOutput): Promise<JobOutcome> {
    const { code, message, facts } = failure;
    const { stdout, stderr, artifacts, ...rest } = facts;
    // What is only compiled prints nothing that is heard, and its answer says so.
    const printed =
      stdout === undefined || stderr === undefined
        ? told.hasStarted && facts.execution && told.printed
        : { stdout, stderr };
    return {
      httpStatus: STATUSES[code].http,
      result: null,
      facts: lineOf(this.failures.bodyOf(new ExecutionFailure(code, message, rest), id)),
      output: printed ? await textOfOutput(printed) : NOTHING_RAN,
      artifacts: await textsOf(artifacts ?? []),
    };
  }
}

async function textOfOutput({ stdout, stderr }: Printed): Promise<string> {
  const [one, other] = [await joined(stringPieces(stdout)), await joined(stringPieces(stderr))];
  return `{"stdout":"${one}","stderr":"${other}"}`;
}

async function textsOf(artifacts: readonly RunArtifact[]): Promise<readonly string[]> {
  const texts: string[] = [];
  for (const artifact of artifacts) {
    const facts = lineOf(artifactFacts(artifact)).slice(0, -1);
    texts.push(`${facts},"base64":"${await joined(base64Pieces(artifact.bytes))}"}`);
  }
  return texts;
}

async function joined(pieces: Iterable<string>): Promise<string> {
  const made: string[] = [];
  for (const piece of pieces) {
    made.push(piece);
    if (made.length % PIECES_AT_ONCE === 0) {
      await setImmediate();
    }
  }
  return made.join('');
}
