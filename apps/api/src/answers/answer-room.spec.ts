import { EventEmitter } from 'node:events';
import { ExecutionCancelled } from '@pycell/sandbox';
import type { Response } from 'express';
import { AnswerRoom, type Holding, UNCOUNTED_BYTES } from './answer-room';

const UNIT = 1024 * 1024;
const BUSY = expect.objectContaining({ code: 'SANDBOX_BUSY' }) as Error;

describe('AnswerRoom', () => {
  let room: AnswerRoom;

  beforeEach(() => {
    room = new AnswerRoom(10 * UNIT);
  });

  function open(caller: string): { readonly holding: Holding; close(): void } {
    const response = Object.assign(new EventEmitter(), { closed: false });
    const holding = room.holdingFor(caller, response as unknown as Response);
    return { holding, close: () => response.emit('close') };
  }

  it('has half for one caller, and all for all', () => {
    open('a').holding.resize(3 * UNIT);
    open('a').holding.resize(2 * UNIT);
    expect(() => open('a').holding.resize(UNIT)).toThrow(BUSY);
    open('b').holding.resize(4 * UNIT);
    expect(() => open('c').holding.resize(2 * UNIT)).toThrow(BUSY);
    open('c').holding.resize(UNIT);
  });

  it('has room for one that is larger than a share, where its caller has nothing else', () => {
    open('a').holding.resize(8 * UNIT);
    expect(() => open('a').holding.resize(UNIT)).toThrow(BUSY);
    expect(() => open('b').holding.resize(20 * UNIT)).toThrow(BUSY);
    open('b').holding.resize(2 * UNIT);
  });

  it('counts what an answer holds at the moment, once, and nothing that is small', () => {
    const one = open('a');
    one.holding.resize(5 * UNIT);
    one.holding.resize(4 * UNIT);
    one.holding.resize(5 * UNIT);
    expect(() => open('a').holding.resize(UNIT)).toThrow(BUSY);
    open('a').holding.resize(UNCOUNTED_BYTES);
    one.holding.resize(0);
    open('a').holding.resize(5 * UNIT);
  });

  it('has what was refused hold what it held', () => {
    const one = open('a');
    open('a').holding.resize(3 * UNIT);
    one.holding.resize(2 * UNIT);
    expect(() => one.holding.resize(3 * UNIT)).toThrow(BUSY);
    open('b').holding.resize(5 * UNIT);
    expect(() => open('c').holding.resize(UNIT)).toThrow(BUSY);
    one.close();
    open('c').holding.resize(2 * UNIT);
  });

  it('gives room back once, when the connection has ended, and gives none from then on', () => {
    const one = open('a');
    one.holding.resize(5 * UNIT);
    one.close();
    expect(() => one.holding.resize(UNIT)).toThrow(ExecutionCancelled);
    one.close();
    open('a').holding.resize(5 * UNIT);
    expect(() => open('a').holding.resize(UNIT)).toThrow(BUSY);
  });
});
