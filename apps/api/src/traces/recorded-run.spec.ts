import { REPORT } from '../answers/report.contract';
import { attributesOf, stationsOf } from './recorded-run';

describe('stationsOf', () => {
  it('puts the stations end to end before the moment at which the outcome was known', () => {
    const timings = { queueMs: 1, policyMs: 2, startMs: 3, runMs: 4, resultMs: 5 };
    expect(stationsOf({ ...REPORT, timings }, 1_000)).toEqual([
      { name: 'queue', startMs: 985, endMs: 986 },
      { name: 'policy', startMs: 986, endMs: 988 },
      { name: 'start', startMs: 988, endMs: 991 },
      { name: 'run', startMs: 991, endMs: 995 },
      { name: 'result', startMs: 995, endMs: 1_000 },
    ]);
  });
});

describe('attributesOf', () => {
  it('leaves out what was not measured', () => {
    expect(attributesOf('CANCELLED', undefined)).toEqual({ 'pycell.code': 'CANCELLED' });
    expect(attributesOf('OK', REPORT)).toEqual({
      'pycell.code': 'OK',
      'pycell.execution.id': 'e',
      'pycell.isolation': 'nsjail',
      'pycell.duration_ms': 1,
    });
    expect(attributesOf('OK', { ...REPORT, cpuMs: 2, peakMemoryBytes: 3 })).toMatchObject({
      'pycell.cpu_ms': 2,
      'pycell.peak_memory_bytes': 3,
    });
  });
});
