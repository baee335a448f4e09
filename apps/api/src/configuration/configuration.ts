import { availableParallelism } from 'node:os';
import {
  bodyLimitBytes,
  type ExecutionLimits,
  LIMIT_NAMES,
  LIMITS,
  type LimitDescription,
  scriptBodyLimitBytes,
} from '@pycell/contracts';
import { JAIL_PROFILES, locateSandbox, ON_DEMAND_KINDS, type SandboxOptions } from '@pycell/sandbox';
import { allowNames, DEFAULT_POLICY_RULES, type PolicyRules } from '@pycell/script-policy';
import { type CallersOptions, PLACES_RANGE, readCallers } from './callers-options';
import { EnvironmentReader, type EnvironmentProblem } from './environment';
import { INSTALLATION_FOLDER } from './installation';
import { type InterfacesOptions, readInterfaces } from './interfaces-options';
import { type JobsOptions, readJobs } from './jobs-options';
import { withoutKeys } from './key-text';
import { type MetricsOptions, readMetrics } from './metrics-options';
import { type RatesOptions, readRates } from './rates-options';
import { readRedis, type RedisOptions } from './redis-options';
import { isTracingWanted, readTracing, type TracingOptions } from './tracing';

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Settings of the HTTP interface. */
export interface HttpOptions {
  readonly host: string;
  readonly port: number;
  /** The largest body of `POST /execute`, which is the largest of all. */
  readonly bodyLimitBytes: number;
  /** The largest body of a request that is a script and little else. */
  readonly scriptBodyLimitBytes: number;
  /** What all bodies may hold together until their requests are answered. */
  readonly maxHeldBodyBytes: number;
  readonly maxConnections: number;
  /** Within so long a request must have arrived whole. */
  readonly requestTimeoutMs: number;
  readonly corsOrigins: readonly string[];
  /** Host names that a request may be addressed to; null allows any. */
  readonly allowedHosts: readonly string[] | null;
  /** How long a service that was told to stop goes on as before, but for its readiness. */
  readonly shutdownDelayMs: number;
  readonly shutdownGraceMs: number;
  /** Whether 500 answers show their cause, for development. */
  readonly debug: boolean;
}

export interface LogOptions {
  readonly level: LogLevel;
  readonly pretty: boolean;
}

/** Everything that the environment sets, read once and handed out in typed parts. */
export interface Configuration {
  readonly callers: CallersOptions;
  readonly http: HttpOptions;
  readonly log: LogOptions;
  readonly sandbox: SandboxOptions;
  readonly rates: RatesOptions;
  /** Null where there is no Redis. */
  readonly redis: RedisOptions | null;
  readonly jobs: JobsOptions;
  readonly interfaces: InterfacesOptions;
  readonly metrics: MetricsOptions;
  readonly tracing: TracingOptions;
}

/** The environment is invalid. The message lists every problem, one a line, without the keys that stand in a wrong variable. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';

  constructor(problems: readonly EnvironmentProblem[]) {
    super(`Invalid configuration:\n${problems.map((problem) => `  - ${withoutKeys(problem)}`).join('\n')}`);
  }
}

const MIB = 1024 * 1024;

const LOOPBACK_HOSTS = ['localhost', '127.0.0.1', '::1'];

/**
 * Reads and validates the environment; docs/configuration.md lists the variables.
 * @throws ConfigurationError with all problems at once.
 */
export function readConfiguration(environment: NodeJS.ProcessEnv): Configuration {
  const reader = new EnvironmentReader(environment);
  const build = reader.oneOf('BUILD', ['local', 'cloud'], 'local');
  const sandbox = readSandbox(reader, build);
  const http = readHttp(reader, build, sandbox.limits);
  if (http.debug && build === 'cloud' && !LOOPBACK_HOSTS.includes(http.host)) {
    reader.problem('DEBUG', 'true', `false with BUILD=cloud on a public HOST (${http.host})`, null);
  }
  const callers = readCallers(reader);
  const interfaces = readInterfaces(reader, build, callers.keysFile !== null);
  const rates = readRates(reader);
  const redis = readRedis(reader);
  const jobs = readJobs(reader, redis);
  const metrics = readMetrics(reader);
  const level = reader.oneOf('LOG_LEVEL', LOG_LEVELS, http.debug ? 'debug' : 'info');
  const tracing = readTracing(reader, isTracingWanted(environment));
  if (reader.problems.length > 0) {
    throw new ConfigurationError(reader.problems);
  }
  const log = { level, pretty: http.debug };
  return { callers, http, interfaces, jobs, sandbox, log, metrics, rates, redis, tracing };
}

function readHttp(
  reader: EnvironmentReader,
  build: SandboxOptions['build'],
  limits: ExecutionLimits,
): HttpOptions {
  const consolePort = reader.integer('CONSOLE_PORT', { min: 1, max: 65535 }, 3000);
  // By DNS rebinding a web page could otherwise reach a developer's Python that is in no jail.
  const defaultHosts = build === 'local' ? LOOPBACK_HOSTS : [];
  const allowedHosts = reader.list('ALLOWED_HOSTS', defaultHosts);
  for (const host of allowedHosts.filter((name) => /[/@\s]|^[^:]+:\d+$/.test(name))) {
    reader.problem('ALLOWED_HOSTS', host, 'names such as example.org, without scheme, port or path', null);
  }
  return {
    host: reader.text('HOST') ?? (build === 'local' ? '127.0.0.1' : '0.0.0.0'),
    port: reader.integer('PORT', { min: 0, max: 65535 }, 8080),
    bodyLimitBytes: bodyLimitBytes(limits),
    scriptBodyLimitBytes: scriptBodyLimitBytes(limits.maxScriptSize),
    maxHeldBodyBytes: readHeldBytes(reader, bodyLimitBytes(limits)),
    maxConnections: reader.integer('MAX_CONNECTIONS', { min: 1, max: 1_000_000 }, 1024),
    requestTimeoutMs: reader.decimal('REQUEST_TIMEOUT', { min: 1, max: 3600 }, 30) * 1000,
    corsOrigins: readOrigins(reader, [`http://localhost:${consolePort}`, `http://127.0.0.1:${consolePort}`]),
    allowedHosts: allowedHosts.length > 0 ? allowedHosts : null,
    shutdownDelayMs: reader.decimal('SHUTDOWN_DELAY', { min: 0, max: 3600 }, 0) * 1000,
    shutdownGraceMs: reader.decimal('SHUTDOWN_GRACE', { min: 0, max: 3600 }, 15) * 1000,
    debug: reader.flag('DEBUG', false),
  };
}

/** One body must have room beside another, or none would ever arrive. */
function readHeldBytes(reader: EnvironmentReader, bodyBytes: number): number {
  const name = 'MAX_HELD_BODY_BYTES';
  const bytes = reader.integer(name, { min: 8 * MIB, max: 64 * 1024 * MIB }, 256 * MIB);
  const least = 2 * bodyBytes;
  return bytes >= least
    ? bytes
    : reader.problem(
        name,
        String(bytes),
        `at least ${least}, room for two request bodies: raise it, or lower TMP_SIZE_MB, MAX_INPUTS_BYTES or MAX_SCRIPT_SIZE`,
        least,
      );
}

function readOrigins(reader: EnvironmentReader, fallback: readonly string[]): readonly string[] {
  const origins = reader.list('CORS_ORIGINS', fallback);
  for (const origin of origins) {
    if (origin !== '*' && !(URL.canParse(origin) && new URL(origin).origin === origin)) {
      reader.problem('CORS_ORIGINS', origin, 'origins such as https://example.org, without a path', null);
    }
  }
  return origins;
}

function readSandbox(reader: EnvironmentReader, build: SandboxOptions['build']): SandboxOptions {
  return {
    build,
    limits: readLimits(reader),
    admission: {
      maxConcurrency: reader.integer(
        'MAX_CONCURRENCY',
        PLACES_RANGE,
        // One caller may have all but one: a lone caller then still has a processor for each.
        Math.max(2, availableParallelism()) + 1,
      ),
      maxQueue: reader.integer('MAX_QUEUE', { min: 0, max: 100_000 }, 64),
      queueTimeoutMs: reader.decimal('QUEUE_TIMEOUT', { min: 0.01, max: 3600 }, 10) * 1000,
    },
    jailPerRun: reader.flag('JAIL_PER_RUN', false),
    jailProfile: readProfile(reader, build),
    preload: readPreload(reader),
    policyRules: readPolicy(reader, build),
    paths: locateSandbox(INSTALLATION_FOLDER, {
      nsjail: reader.text('NSJAIL_PATH'),
      sandboxRoot: reader.text('SANDBOX_ROOT'),
      python: reader.text('PYTHON'),
    }),
  };
}

function readLimits(reader: EnvironmentReader): ExecutionLimits {
  const values = LIMIT_NAMES.map((name) => {
    const limit: LimitDescription = LIMITS[name];
    const read = limit.fraction ? reader.decimal.bind(reader) : reader.integer.bind(reader);
    return [name, read(limit.variable, limit, limit.default)];
  });
  const limits = Object.fromEntries(values) as Record<keyof ExecutionLimits, number>;
  return { ...limits, tmpSizeMb: checkTmpSize(reader, limits) };
}

/** Files in /tmp take memory of the run: what is set aside for them must leave it some. */
function checkTmpSize(
  reader: EnvironmentReader,
  { memoryLimitMb, tmpSizeMb }: Pick<ExecutionLimits, 'memoryLimitMb' | 'tmpSizeMb'>,
): number {
  const largest = Math.floor(memoryLimitMb / 2);
  const { variable } = LIMITS.tmpSizeMb;
  if (tmpSizeMb <= largest || reader.text(variable) === undefined) {
    return Math.min(tmpSizeMb, largest);
  }
  return reader.problem(
    variable,
    String(tmpSizeMb),
    `at most half of ${LIMITS.memoryLimitMb.variable}, ${largest}`,
    largest,
  );
}

function readProfile(
  reader: EnvironmentReader,
  build: SandboxOptions['build'],
): SandboxOptions['jailProfile'] {
  const profile = reader.oneOf('JAIL_PROFILE', JAIL_PROFILES, 'full');
  if (build === 'local' && profile !== 'full') {
    return reader.problem('JAIL_PROFILE', profile, 'BUILD=cloud beside it: BUILD=local has no jail', 'full');
  }
  // Without a user namespace only root can become the users that scripts run as.
  return profile === 'no-user-namespace' && process.getuid?.() !== 0
    ? reader.problem(
        'JAIL_PROFILE',
        profile,
        'root with SYS_ADMIN and the capabilities of docs/operations.md',
        'full',
      )
    : profile;
}

function readPreload(reader: EnvironmentReader): SandboxOptions['preload'] {
  const names = reader.list('PRELOAD', []);
  const unknown = names.filter((name) => !ON_DEMAND_KINDS.some((kind) => kind === name));
  return unknown.length === 0
    ? ON_DEMAND_KINDS.filter((kind) => names.includes(kind))
    : reader.problem('PRELOAD', unknown.join(','), `names of ${ON_DEMAND_KINDS.join(', ')}`, []);
}

function readPolicy(reader: EnvironmentReader, build: SandboxOptions['build']): PolicyRules | null {
  if (reader.oneOf('SCRIPT_POLICY', ['enforce', 'off'], 'enforce') === 'off') {
    return build === 'cloud'
      ? null
      : reader.problem('SCRIPT_POLICY', 'off', 'enforce with BUILD=local: there is no jail behind it', null);
  }
  const allowed = reader.list('SCRIPT_POLICY_ALLOW', []);
  try {
    return allowNames(DEFAULT_POLICY_RULES, allowed);
  } catch (error) {
    return reader.problem(
      'SCRIPT_POLICY_ALLOW',
      allowed.join(','),
      `names that it blocks: ${(error as Error).message}`,
      null,
    );
  }
}
