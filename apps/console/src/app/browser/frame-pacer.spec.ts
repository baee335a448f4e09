import { FramePacer } from './frame-pacer';

describe('FramePacer', () => {
  let frames: (FrameRequestCallback | null)[];
  let work: jest.Mock;
  let pacer: FramePacer;

  beforeEach(() => {
    frames = [];
    jest.spyOn(window, 'requestAnimationFrame').mockImplementation((frame) => frames.push(frame));
    jest.spyOn(window, 'cancelAnimationFrame').mockImplementation((handle) => {
      frames[handle - 1] = null;
    });
    work = jest.fn();
    pacer = new FramePacer(work);
  });

  afterEach(() => jest.restoreAllMocks());

  /** The screen draws. */
  function draw(at: number): void {
    const waiting = frames.map((frame) => frame);
    frames.fill(null);
    for (const frame of waiting) frame?.(at);
  }

  it('works once in a frame, however often it is asked to', () => {
    pacer.request();
    pacer.request();
    expect(work).not.toHaveBeenCalled();
    draw(0);
    expect(work).toHaveBeenCalledTimes(1);
    draw(16);
    draw(33);
    expect(work).toHaveBeenCalledTimes(1);
    // Nothing is asked for any more.
    expect(frames.every((frame) => frame === null)).toBe(true);
  });

  it('goes on with every frame while frames are short', () => {
    for (let at = 0; at < 160; at += 16) {
      pacer.request();
      draw(at);
    }
    expect(work).toHaveBeenCalledTimes(10);
  });

  it('rests as long as a long frame took', () => {
    pacer.request();
    draw(0);
    pacer.request();
    draw(100);
    draw(150);
    expect(work).toHaveBeenCalledTimes(1);
    draw(200);
    expect(work).toHaveBeenCalledTimes(2);
  });

  it('goes on soon after the page was hidden', () => {
    pacer.request();
    draw(0);
    pacer.request();
    draw(3_600_000);
    draw(3_600_300);
    expect(work).toHaveBeenCalledTimes(2);
  });

  it('does nothing after it was stopped', () => {
    pacer.request();
    pacer.stop();
    draw(0);
    expect(work).not.toHaveBeenCalled();
  });
});
