import express, { type Request } from 'express';
import { acceptedStream, acceptsLines } from './accepted-formats';

/** A request as Express makes it. */
function asking(accept?: string): Request {
  const headers = accept === undefined ? {} : { accept };
  return Object.assign(Object.create(express.request) as Request, { headers });
}

describe('acceptedStream', () => {
  it.each([
    [undefined, null],
    ['*/*', null],
    ['application/json', null],
    ['application/json, text/plain, */*', null],
    ['text/event-stream', 'sse'],
    ['TEXT/Event-Stream', 'sse'],
    ['application/x-ndjson', 'ndjson'],
    ['text/event-stream, */*', 'sse'],
    ['application/json, text/event-stream', null],
    ['text/event-stream, application/json', 'sse'],
    ['text/event-stream;q=0.5, application/json', null],
    ['text/event-stream;q=0.5, application/json;q=0.4', 'sse'],
    ['text/event-stream;q=0.1, application/x-ndjson;q=0.9', 'ndjson'],
    ['text/event-stream;q=0, */*', null],
    ['text/event-stream;q=0', null],
    ['text/event-stream;charset=utf-8', 'sse'],
    ['application/x-ndjson; charset=UTF-8', 'ndjson'],
    ['text/event-stream;version=2', null],
    ['text/*', null],
    ['text/html', null],
    ['', null],
    ['x-ndjson', null],
  ])('of Accept %j is %j', (accept, format) => {
    expect(acceptedStream(asking(accept))).toBe(format);
  });
});

describe('acceptsLines', () => {
  it.each([
    [undefined, false],
    ['*/*', false],
    ['application/json', false],
    ['text/event-stream', false],
    ['application/x-ndjson', true],
    ['application/x-ndjson, application/json;q=0.5', true],
    ['application/json, application/x-ndjson;q=0.5', false],
  ])('of Accept %j is %j', (accept, lines) => {
    expect(acceptsLines(asking(accept))).toBe(lines);
  });
});
