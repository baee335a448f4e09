import { FrameType, type Frame } from '../protocol/frames';
import { failed, ScriptedConnection, scriptedControl, settled } from './scripted-runner.contract';
import { Spare } from './spare';

const MAX_RESULT_BYTES = 1000;
const LARGEST_FRAME_BYTES = MAX_RESULT_BYTES + 1024 * 1024;
const READY = { residentBytes: 1000, sharedBytes: 0, cpuMs: 2.5 };

function create() {
  const { control, stream } = scriptedControl();
  const connection = new ScriptedConnection();
  const told: unknown[] = [];
  const spare = new Spare(connection, control, MAX_RESULT_BYTES, {
    onReady: () => told.push('ready'),
    onLost: ({ cause }) => told.push(['lost', cause]),
  });
  return { spare, connection, control: stream, told };
}

/** Returns a spare that has its script, and what was heard of it since. */
function createRunning() {
  const made = create();
  made.connection.say(FrameType.Ready, READY, 9);
  made.told.length = 0;
  const frames: Frame[] = [];
  const malformed: string[] = [];
  made.spare.begin([Buffer.from('{}')], {
    onFrame: (frame) => frames.push(frame),
    onMalformed: (cause) => malformed.push(cause),
    onSupervisor: () => undefined,
  });
  return { ...made, frames, malformed };
}

describe('Spare, of a run that writes in small pieces,', () => {
  const announce = (bytes: number): Buffer => {
    const header = Buffer.alloc(12);
    header.writeUInt8(FrameType.Outcome);
    header.writeUInt32BE(bytes, 8);
    return header;
  };

  it('reads no more than some hundred of them', () => {
    const { connection, malformed } = createRunning();
    connection.sayBytes(announce(1000));
    for (let piece = 0; piece < 254; piece++) {
      connection.sayBytes(Buffer.from('x'));
    }
    expect(malformed).toEqual([]);
    connection.sayBytes(Buffer.from('x'));
    expect(malformed).toEqual([expect.stringContaining('too many small pieces')]);
    expect(connection.destroyed).toBe(true);
  });

  it('takes many between large ones, as the kernel may cut what was written', () => {
    const { connection, malformed, frames } = createRunning();
    const [large, small] = [Buffer.alloc(5000), Buffer.alloc(100)];
    connection.sayBytes(announce(200 * 5100));
    for (let round = 0; round < 200; round++) {
      connection.sayBytes(large);
      connection.sayBytes(small);
    }
    expect([malformed, frames.length]).toEqual([[], 1]);
  });

  it('closes the connection when more comes after it was heard out', () => {
    const { spare, connection, frames } = createRunning();
    spare.hearOut();
    expect(connection.destroyed).toBe(false);
    connection.sayBytes(Buffer.from('x'));
    expect([connection.destroyed, frames]).toEqual([true, []]);
  });
});

describe('Spare', () => {
  it('tells when it is ready, with its number and what it had used up', () => {
    const { spare, connection, told } = create();
    expect(told).toEqual([]);
    connection.say(FrameType.Ready, READY, 9);
    expect(told).toEqual(['ready']);
    expect([spare.number, spare.ready]).toEqual([9, READY]);
  });

  it('is ready again, with new measures, when it has warmed itself', () => {
    const { spare, connection, told } = create();
    connection.say(FrameType.Ready, READY, 9);
    spare.warm();
    expect(connection.heard.map(({ type, run }) => [FrameType[type], run])).toEqual([['Warm', 9]]);
    connection.say(FrameType.Ready, { residentBytes: 5000, cpuMs: 4 }, 9);
    expect(told).toEqual(['ready', 'ready']);
    expect(spare.ready.residentBytes).toBe(5000);
  });

  it('is lost with the reason when it cannot become a run', async () => {
    const { connection, told } = create();
    connection.say(FrameType.Outcome, failed('INTERNAL', 'mount /tmp'));
    await settled();
    expect(told).toEqual([['lost', 'INTERNAL: mount /tmp']]);
    expect(connection.destroyed).toBe(true);
  });

  it('is lost without a reason, once, when it goes away', async () => {
    const { connection, told } = create();
    connection.destroy(new Error('ECONNRESET'));
    await settled();
    expect(told).toEqual([['lost', null]]);
  });

  it('is lost when what it says cannot be read', async () => {
    const { connection, told } = create();
    connection.sayBytes(Buffer.from('Traceback (most recent call last)'));
    await settled();
    expect(told).toEqual([['lost', expect.stringContaining('not a frame header')]]);
    expect(connection.destroyed).toBe(true);
  });

  it('hands the script over, and leaves the clock to the conversation', () => {
    const order: string[] = [];
    const { control } = scriptedControl();
    control.send = (type, run) => void order.push(`${FrameType[type]} ${run}`);
    const connection = new ScriptedConnection(({ type, run }) => order.push(`${FrameType[type]} ${run}`));
    const spare = new Spare(connection, control, MAX_RESULT_BYTES, {
      onReady: () => undefined,
      onLost: () => undefined,
    });
    connection.say(FrameType.Ready, READY, 9);
    spare.begin([Buffer.from('{}')], {
      onFrame: () => undefined,
      onMalformed: () => undefined,
      onSupervisor: () => undefined,
    });
    expect(order).toEqual(['Run 9']);
  });

  it('hands the frames of the run on, and never again takes one for its own', () => {
    const { connection, frames, told } = createRunning();
    connection.say(FrameType.Ready, READY, 9);
    connection.say(FrameType.Outcome, '{}', 0);
    expect(frames.map(({ type }) => FrameType[type])).toEqual(['Ready', 'Outcome']);
    expect(told).toEqual([]);
  });

  it('takes frames as large as a result may be with its traceback, and none that is larger', () => {
    const largest = createRunning();
    largest.connection.say(FrameType.Outcome, Buffer.alloc(LARGEST_FRAME_BYTES));
    expect([largest.frames.length, largest.malformed]).toEqual([1, []]);
    const larger = createRunning();
    larger.connection.say(FrameType.Outcome, Buffer.alloc(LARGEST_FRAME_BYTES + 1));
    expect([larger.frames, larger.malformed]).toEqual([[], [expect.stringContaining('at most')]]);
    expect(larger.connection.destroyed).toBe(true);
  });

  it('does not tell that it was lost once it has its script: the supervisor tells the end of a run', async () => {
    const { connection, told, malformed } = createRunning();
    connection.destroy();
    await settled();
    expect([told, malformed]).toEqual([[], []]);
  });
});
