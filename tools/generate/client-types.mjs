/** What libs/api-client knows of the API, as TypeScript: the types of its description, and its error codes. */
import openapiTS, { astToString } from 'openapi-typescript';
import { format, resolveConfig } from 'prettier';

/** The types of docs/openapi.json. @param document its text */
export async function clientTypes(document) {
  // A member with a default may still be left out of a request.
  const options = { immutable: true, defaultNonNullable: false };
  const types = astToString(await openapiTS(JSON.parse(document), options));
  return formatted(`/** Generated from docs/openapi.json by \`npm run generate\`: do not edit. */\n${types}`);
}

/** The table of error codes, in what a client needs of it, from the module of libs/contracts. */
export async function clientCodes({ ERROR_CODES, STATUSES }) {
  const rows = ERROR_CODES.map((code) => {
    const { http, origins } = STATUSES[code];
    return `${code}: { http: ${http}, kind: '${kindOf(http, origins)}' },`;
  });
  return formatted(`import type { ErrorCode } from './schema';

/**
 * The status that each code has, and whose concern it is: the author's of the script, the caller's, the operator's. Generated
 * from libs/contracts by \`npm run generate\`: do not edit.
 */
export const CODES: Readonly<
  Record<ErrorCode, { readonly http: number; readonly kind: 'script' | 'refused' | 'service' }>
> = {
${rows.join('\n')}
};
`);
}

function kindOf(http, origins) {
  if (origins.includes('request')) {
    return 'refused';
  }
  return http >= 500 ? 'service' : 'script';
}

async function formatted(text) {
  return format(text, { ...(await resolveConfig(import.meta.filename)), parser: 'typescript' });
}
