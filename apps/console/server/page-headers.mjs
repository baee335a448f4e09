/** What the page may do. */

const POLICY = {
  'default-src': "'none'",
  // The policy's parser is wasm; no script is evaluated from text.
  'script-src': "'self' 'wasm-unsafe-eval'",
  'worker-src': "'self'",
  // Monaco writes the place of every line as a style attribute into markup, and makes <style> elements for themes; it
  // takes neither nonce nor constructed sheets. Angular's component styles are <style> elements too. What a style could
  // do without this page's scripts is little: nothing that a program prints is ever markup here.
  'style-src': "'self' 'unsafe-inline'",
  // Monaco's icons are a font inside of its style sheet, its squiggles are pictures in there.
  'font-src': "'self' data:",
  'img-src': "'self' data:",
  // A person can name any API in the settings.
  'connect-src': "'self' http: https:",
  'manifest-src': "'self'",
  'base-uri': "'self'",
  'form-action': "'none'",
  'frame-ancestors': "'none'",
};

/** Of everything that is served. */
const COMMON_HEADERS = {
  'X-Content-Type-Options': 'nosniff',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

const DOCUMENT_HEADERS = {
  ...COMMON_HEADERS,
  'Content-Security-Policy': Object.entries(POLICY)
    .map(([name, value]) => `${name} ${value}`)
    .join('; '),
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'X-Frame-Options': 'DENY',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
};

/**
 * Parts of a page, which are never a document or a worker of their own. What documents may do is long, and the page has
 * dozens of parts: with each of them it would be a fifth of the initial load.
 */
const PART = /\.(?:css|ttf|wasm|woff2)$|\/(?!worker-)[^/]*\.js$/;

/** @param path of the file that is asked for */
export function pageHeaders(path) {
  return PART.test(path) ? COMMON_HEADERS : DOCUMENT_HEADERS;
}
