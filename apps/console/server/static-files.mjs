/** The built files: compressed ahead, kept for ever where their name changes with their content. */
import sirv from 'sirv';
import { answerError } from './error-answer.mjs';

const HASHED = /-[A-Z0-9]{8}\.[a-z0-9]+$/;
const YEAR_SECONDS = 31_536_000;

export function serveFiles(folder) {
  const answer = sirv(folder, {
    etag: true,
    brotli: true,
    gzip: true,
    setHeaders(response, path) {
      response.setHeader(
        'Cache-Control',
        HASHED.test(path) ? `public, max-age=${YEAR_SECONDS}, immutable` : 'no-cache',
      );
    },
  });
  return (request, response) =>
    answer(request, response, () =>
      answerError(response, 404, { code: 'NOT_FOUND', error: 'There is no such file' }),
    );
}
