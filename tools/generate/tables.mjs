/** The tables of the documents, in Markdown, from the module of libs/contracts. */

export function statusTable({ ERROR_CODES, STATUSES }) {
  const rows = ERROR_CODES.map((code) => {
    const { http, meaning, retryable } = STATUSES[code];
    return [http, `\`${code}\``, meaning, retryable ? 'yes' : 'no'];
  });
  return table(['HTTP', 'code', 'when', 'retry'], rows);
}

export function limitTable({ LIMIT_NAMES, LIMITS }) {
  const rows = LIMIT_NAMES.map((name) => {
    const { variable, default: fallback, min, max, unit, meaning, enforcedBy } = LIMITS[name];
    return [`\`${variable}\``, `\`${name}\``, fallback, `${min} to ${max}`, unit, meaning, enforcedBy];
  });
  return table(['variable', 'in `GET /`', 'default', 'range', 'unit', 'meaning', 'kept by'], rows);
}

function table(head, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return `${[line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')}\n`;
}
