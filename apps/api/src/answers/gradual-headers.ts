import type { Response } from 'express';

/** Begins an answer of 200 that is sent while it is made; its headers go out with what is written first. */
export function beginGradually(response: Response, mediaType: string): void {
  response.status(200);
  response.setHeader('Content-Type', `${mediaType}; charset=utf-8`);
  response.setHeader('Cache-Control', 'no-store');
  // nginx would gather it first.
  response.setHeader('X-Accel-Buffering', 'no');
}
