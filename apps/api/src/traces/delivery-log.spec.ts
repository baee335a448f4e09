import { Logger } from '@nestjs/common';
import { DeliveryLog } from './delivery-log';

const told = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
const now = jest.spyOn(performance, 'now');

describe('DeliveryLog', () => {
  let log: DeliveryLog;

  beforeEach(() => {
    told.mockClear();
    now.mockReturnValue(0);
    log = new DeliveryLog();
  });
  afterAll(() => jest.restoreAllMocks());

  it('tells the message and the code of an error, and nothing else of it', () => {
    log.error(
      JSON.stringify({
        name: 'OTLPExporterError',
        message: 'Bad Gateway',
        code: '502',
        data: 'an answer of the collector',
        stack: 'secret',
      }),
    );
    expect(told).toHaveBeenCalledWith({ msg: 'traces lost', times: 1, cause: 'Bad Gateway, 502' });
  });

  it.each([
    ['a sentence of OpenTelemetry', 'Header "x" has invalid value (secret)'],
    ['what is no object', 'null'],
    ['an error without words', '{"secret": 1}'],
  ])('does not repeat %s', (_what, words) => {
    log.error(words);
    expect(told).toHaveBeenCalledTimes(1);
    expect(JSON.stringify(told.mock.calls)).not.toMatch(/secret/);
  });

  it('bounds what it repeats', () => {
    log.error(JSON.stringify({ message: 'x'.repeat(10_000) }));
    expect(JSON.stringify(told.mock.calls).length).toBeLessThan(300);
  });

  it('tells of spans that were dropped, and of no other warning', () => {
    log.warn('Received Partial Success response: {"secret": 1}');
    expect(told).not.toHaveBeenCalled();
    log.warn('Dropped 17 spans because maxQueueSize reached');
    expect(told.mock.calls[0]?.[0]).toMatchObject({
      cause: 'Dropped 17 spans: more than OTEL_BSP_MAX_QUEUE_SIZE were waiting',
    });
  });

  it('tells once a minute, with how often it happened meanwhile', () => {
    const fail = (): void => log.error(JSON.stringify({ message: 'down' }));
    fail();
    now.mockReturnValue(59_999);
    fail();
    fail();
    expect(told).toHaveBeenCalledTimes(1);
    now.mockReturnValue(60_000);
    fail();
    expect(told.mock.calls.map(([line]) => (line as { times: number }).times)).toEqual([1, 3]);
  });
});
