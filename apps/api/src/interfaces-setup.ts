import type { NestExpressApplication } from '@nestjs/platform-express';
import { bodyLimitBytes, LIMITS, scriptBodyLimitBytes } from '@pycell/contracts';
import type { NextFunction, Request, Response } from 'express';
import { Callers } from './callers/callers';
import type { Configuration } from './configuration/configuration';
import { INTERFACE_SCRIPT_SIZE } from './configuration/interfaces-options';
import { refuseForeignPages } from './http/allowed-origins';
import { requireJsonOr } from './http/content-type.middleware';
import { ForeignForms } from './http/foreign-forms';
import type { BodyBounds } from './http/received-bytes';
import { RequestBodies } from './http/request-bodies';
import type { InterfaceDescription } from './interfaces/door/interface-description';
import { servedInterfaces } from './interfaces/served-interfaces';
import { RateLimits } from './rates/rate-limits';

/**
 * Files and standard input of a request to an interface, as they stand in its body: what is decoded of it is decoded in one go,
 * some milliseconds a MiB. Who has more sends it to our own API.
 */
const MAX_FILE_BYTES = 8 * 1024 * 1024;

/**
 * What is said of the interfaces of others before any request comes: how their errors look, and how keys are named there.
 * Called where INTERFACES is not empty.
 */
export function announceInterfaces(
  app: NestExpressApplication,
  configuration: Configuration,
): readonly InterfaceDescription[] {
  const descriptions = servedInterfaces(configuration).map(({ description }) => description);
  app.get(ForeignForms).use(descriptions);
  app.get(Callers).open(
    descriptions.map(({ name, prefixes, keyHeaders, openPaths }) => ({
      prefixes,
      keyHeaders,
      openPaths,
      keyName: configuration.interfaces.keys[name] ?? null,
    })),
  );
  return descriptions;
}

/** The stations of a request to an interface before its body counts, behind `Callers.identify`. */
export function setUpInterfaces(
  app: NestExpressApplication,
  { http }: Configuration,
  descriptions: readonly InterfaceDescription[],
): void {
  const refuse = refuseForeignPages(http.corsOrigins);
  for (const { prefixes, bodyTypes, bodilessPaths, endpoints } of descriptions) {
    const paths = [...prefixes];
    app.use(paths, keepFromCaches);
    app.use(paths, refuse);
    app.use(paths, app.get(RateLimits).judge);
    app.use(paths, requireJsonOr(bodyTypes ?? [], endpoints, bodilessPaths));
  }
}

/** The station at which the bodies of interfaces are received, behind `HeldBodies.trackBy`. */
export function receiveForInterfaces(
  app: NestExpressApplication,
  configuration: Configuration,
  descriptions: readonly InterfaceDescription[],
): void {
  for (const { prefixes, takesFiles } of descriptions) {
    const bounds = boundsOf(configuration, takesFiles ?? false);
    app.use(
      [...prefixes],
      app.get(RequestBodies).receive(() => bounds),
    );
  }
}

/** Also errors: whether a key is known is nobody's to keep. */
function keepFromCaches(_request: Request, response: Response, next: NextFunction): void {
  response.setHeader('Cache-Control', 'no-store');
  next();
}

function boundsOf({ sandbox }: Configuration, takesFiles: boolean): BodyBounds {
  const { limits } = sandbox;
  const maxScriptSize = Math.max(INTERFACE_SCRIPT_SIZE, limits.maxScriptSize);
  const script = scriptBodyLimitBytes(maxScriptSize) + limits.maxInputsBytes;
  const most = bodyLimitBytes({ ...limits, maxScriptSize });
  return {
    limitBytes: Math.min(most, script + (takesFiles ? MAX_FILE_BYTES : 0)),
    holds: `a script of ${maxScriptSize} characters and ${takesFiles ? 'files, standard input and ' : ''}inputs of ${LIMITS.maxInputsBytes.variable} bytes`,
  };
}
