import { ScriptPolicy } from '@pycell/script-policy';
import type { CheckAnswer, CheckRequest } from './check-messages';

/**
 * Checks scripts beside the page, so that typing never waits for the parser. It is the API's own check: the same code
 * and the same grammar.
 */
let policy: Promise<ScriptPolicy> | undefined;

addEventListener('message', ({ data }: MessageEvent<CheckRequest>) => {
  if (data.kind === 'load') policy = load(data.runtimeUrl, data.pythonUrl);
  void answer(data);
});

async function answer(request: CheckRequest): Promise<void> {
  try {
    const loaded = await policy;
    if (!loaded || request.kind === 'load') return;
    const { id, script, rules, mode } = request;
    const analysis = loaded.check(script, rules, { mode });
    const wrapped = analysis.definesMain ? null : loaded.wrapInMain(script);
    tell({ kind: 'analysis', id, analysis, wrapped });
  } catch (error) {
    // The wasm could not be fetched or compiled (no network, a blocking policy), or the parser broke (a RuntimeError of
    // the wasm, after which it is in no state that is known). The editor works without the check.
    tell({ kind: 'unavailable', reason: String(error) });
  }
}

async function load(runtimeUrl: string, pythonUrl: string): Promise<ScriptPolicy> {
  const [runtime, python] = await Promise.all([fetchBytes(runtimeUrl), fetchBytes(pythonUrl)]);
  return ScriptPolicy.load({ runtime, python });
}

async function fetchBytes(url: string): Promise<Uint8Array> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

function tell(message: CheckAnswer): void {
  postMessage(message);
}
