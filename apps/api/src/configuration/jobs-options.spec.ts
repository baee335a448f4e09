import { readConfiguration } from './configuration';

const MIB = 1024 * 1024;
const IN_REDIS = { REDIS_URL: 'redis://127.0.0.1' };

describe('MAX_QUEUED_MB and MAX_KEPT_MB', () => {
  it('leave room for what runs where they are in the memory of the process', () => {
    expect(readConfiguration({}).jobs).toMatchObject({ maxWaitingBytes: 64 * MIB, maxKeptBytes: 64 * MIB });
    expect(readConfiguration(IN_REDIS).jobs).toMatchObject({
      maxWaitingBytes: 256 * MIB,
      maxKeptBytes: 256 * MIB,
    });
  });

  it.each([{}, IN_REDIS])('are what they say, with %j', (environment) => {
    const { jobs } = readConfiguration({ ...environment, MAX_QUEUED_MB: '3', MAX_KEPT_MB: '5' });
    expect(jobs).toMatchObject({ maxWaitingBytes: 3 * MIB, maxKeptBytes: 5 * MIB });
  });
});
