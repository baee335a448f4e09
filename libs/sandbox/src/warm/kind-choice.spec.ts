import { KindChoice } from './kind-choice';

const zygotes = { immortalObjects: true, memorySnapshot: true };

describe('KindChoice', () => {
  const choice = new KindChoice();
  choice.learn({ kind: 'bare', modules: [], figures: ['matplotlib', 'scipy'], settled: true, zygotes });
  choice.learn({
    kind: 'packages',
    modules: ['numpy', 'pandas', 'own'],
    figures: ['matplotlib', 'scipy'],
    settled: true,
    zygotes,
  });

  it.each([
    [[], 'bare'],
    [['json', 'unknown'], 'bare'],
    [['json', 'pandas'], 'packages'],
    [['own.part'], 'packages'],
    [null, 'packages'],
    [['matplotlib.pyplot', 'pandas'], 'figures'],
    [['scipy'], 'figures'],
    // Its name only begins as another's does.
    [['scipyx'], 'bare'],
  ] as const)('of %j takes the smallest zygote that has them: %s', (imports, kind) => {
    expect(choice.kindFor(imports)).toBe(kind);
  });

  it('knows numpy and pandas before a zygote has told of them, and nothing of figures', () => {
    const early = new KindChoice();
    expect([early.kindFor(['pandas']), early.kindFor(['matplotlib'])]).toEqual(['packages', 'bare']);
    expect([early.hasFigures, choice.hasFigures]).toEqual([false, true]);
  });
});
