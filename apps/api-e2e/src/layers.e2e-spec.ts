import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { THEMES } from './containment/containment';
import { LayerTrial } from './defence/layer-trial';
import { COMPLETE, type Layer, LAYERS } from './defence/layers';
import { containerFault } from './defence/limited-container';
import { keyOf, type LayerFindings, matrixDocument, readMatrix } from './defence/matrix-document';
import { type Judgement } from './defence/verdict';
import { INSTALLATION } from './harness/api-server';
import { describeCloud, isJailRequired } from './harness/jail-support';
import { sampled } from './harness/sampling';

const DOCUMENT = join(INSTALLATION, 'docs/security-matrix.md');
const isWhole = process.env['PYCELL_PROOF'] === 'whole';
const documented = existsSync(DOCUMENT) ? readMatrix(readFileSync(DOCUMENT, 'utf8')) : undefined;
const STALE = 'docs/security-matrix.md says something else; npm run prove -- layers writes it anew';

const LAYERS_IN_SAMPLE = 1 / LAYERS.length;
const CASES_IN_SAMPLE = 0.05;
const START_MS = 300_000;

/** Defines what is tried without one layer; the verdicts are those of the document. */
function describeLayer(layer: Layer, findings: LayerFindings[]): void {
  const trial = new LayerTrial(layer);
  const judgements = new Map<string, Judgement>();

  let notice = '';

  beforeAll(async () => {
    notice = await trial.notice();
    await trial.start();
    findings.push({ layer, notice, judgements });
  }, START_MS);
  afterAll(() => trial.stop());

  it('is gone, as the host sees it, and it alone', async () => {
    const sight = await trial.look();
    const gone = LAYERS.filter((one) => one.isGone(sight)).map(({ name }) => name);
    const taken = layer === COMPLETE ? [] : [layer.name, layer.takesAlso];
    expect(gone.toSorted()).toEqual(taken.filter((name) => name !== undefined).toSorted());
  });

  it('is noticed by the self-test, or not, as the document says', () => {
    if (layer === COMPLETE) {
      expect(notice).toBe('no');
    } else if (documented) {
      expect([notice, STALE]).toEqual([documented.notice(layer), STALE]);
    }
  });

  describe.each(THEMES.map((theme) => [theme.theme, theme.cases] as const))('a script %s:', (theme, all) => {
    const cases = sampled(all, CASES_IN_SAMPLE, `layers ${layer.name} ${theme}`);
    it.each(cases.map((entry) => [entry.name, entry] as const))('%s', async (name, entry) => {
      const judgement = await trial.attempt(entry);
      judgements.set(keyOf(theme, name), judgement);
      const expected = layer === COMPLETE ? 'held' : documented?.verdict(layer, theme, name);
      if (expected !== undefined && !layer.isUnsteady) {
        expect({ ...judgement, STALE }).toMatchObject({ verdict: expected });
      }
    });
  });
}

const fault = containerFault();
const canRun = fault === '' || isJailRequired();

(canRun ? describeCloud : describe.skip)('The layers of the jail, one taken at a time', () => {
  const findings: LayerFindings[] = [];

  it('are taken in containers with limits, which this host can make', () => expect(fault).toBe(''));

  describe.each(
    [COMPLETE, ...sampled(LAYERS, LAYERS_IN_SAMPLE, 'layers')].map((layer) => [layer.name, layer] as const),
  )('without %s', (_name, layer) => describeLayer(layer, findings));

  if (isWhole) {
    afterAll(() => {
      const taken = findings.filter(({ layer }) => layer !== COMPLETE);
      if (taken.length === LAYERS.length) {
        writeFileSync(DOCUMENT, matrixDocument(THEMES, taken));
      }
    });
  }
});
