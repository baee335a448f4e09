/** Lints the API's description, docs/openapi.json, by the rules of redocly.yaml. */
import { bin } from '../set-up/commands.mjs';

export async function checkOpenApi(tally) {
  // Neither tells anybody of this run nor asks for a newer version.
  const env = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };
  const { status, output } = await bin('redocly', ['lint', 'docs/openapi.json'], { env });
  if (status !== 0) {
    process.stdout.write(output);
  }
  tally.addCheck('OpenAPI (redocly)', status === 0);
}
