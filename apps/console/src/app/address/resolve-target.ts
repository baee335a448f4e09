/** @returns the absolute address of a path below `apiUrl`, which may be relative to the page; null where it is none */
export function resolveTarget(apiUrl: string, path: string): URL | null {
  if (!URL.canParse(apiUrl, document.baseURI)) return null;
  const base = new URL(apiUrl, document.baseURI);
  if (!/^https?:$/.test(base.protocol)) return null;
  base.hash = '';
  base.search = '';
  base.pathname = `${base.pathname.replace(/\/+$/, '')}${path}`;
  return base;
}
