/** Decides who answers a request: nobody (a foreign host name), the API, the page's settings, or a file. */
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { isAllowedHost } from './allowed-hosts.mjs';
import { forward } from './api-forwarder.mjs';
import { answerError } from './error-answer.mjs';
import { pageHeaders } from './page-headers.mjs';
import { serveFiles } from './static-files.mjs';

const API_PREFIX = '/api';

function isForApi(path) {
  return path === API_PREFIX || path.startsWith(`${API_PREFIX}/`) || path.startsWith(`${API_PREFIX}?`);
}

/** The path of the file that is asked for; where it cannot be read it names none. */
function filePath(url) {
  const path = url.replace(/\?.*$/, '');
  try {
    return decodeURIComponent(path);
  } catch {
    // A URIError: a % that encodes nothing.
    return path;
  }
}

/**
 * @param files the folder of the built page
 * @param apiUrl what config.json tells the page
 * @param upstream the API behind `/api`
 * @param sharesHost whether that API is addressed by the same names as this server
 * @param allowedHosts names that requests may be addressed to, null for any
 */
export function createConsoleServer({ files, apiUrl, upstream, sharesHost, allowedHosts }) {
  if (!existsSync(join(files, 'index.html'))) {
    throw new Error(`There is no built console in ${files}: npm run setup builds it`);
  }
  const configuration = `${JSON.stringify({ apiUrl })}\n`;
  const answerFile = serveFiles(files);
  return createServer((request, response) => {
    if (!isAllowedHost(request.headers.host, allowedHosts)) {
      answerError(response, 400, {
        code: 'INVALID_REQUEST',
        error: `Host ${JSON.stringify(request.headers.host ?? '')} is not allowed. Add its name to ALLOWED_HOSTS to reach the console by it.`,
      });
    } else if (isForApi(request.url)) {
      forward(request, response, { upstream, sharesHost, path: request.url.slice(API_PREFIX.length) });
    } else if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('Allow', 'GET, HEAD');
      answerError(response, 405, { code: 'METHOD_NOT_ALLOWED', error: 'Pages are only read: GET or HEAD' });
    } else {
      const path = filePath(request.url);
      for (const [name, value] of Object.entries(pageHeaders(path))) {
        response.setHeader(name, value);
      }
      if (path === '/config.json') {
        response.setHeader('Content-Type', 'application/json');
        response.setHeader('Cache-Control', 'no-cache');
        response.end(configuration);
      } else {
        answerFile(request, response, path);
      }
    }
  });
}
