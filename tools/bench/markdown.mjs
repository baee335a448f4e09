/** Prints tables as markdown. */

function printRow(columns) {
  console.log(`| ${columns.join(' | ')} |`);
}

/** @param {string[]} header @param {(string | number)[][]} rows */
export function printTable(header, rows) {
  console.log('');
  printRow(header);
  console.log(`|${'---|'.repeat(header.length)}`);
  rows.forEach(printRow);
}

/** A figure with three digits that count, but never with more than two behind the point. */
export function figure(value) {
  if (!Number.isFinite(value)) {
    return '-';
  }
  return value.toFixed(Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2);
}

export function percent(share) {
  return Number.isFinite(share) ? `${(share * 100).toFixed(1)} %` : '-';
}

/** A median with its quartiles. */
export function spread({ middle, low, high }) {
  return Number.isFinite(middle) ? `${figure(middle)} [${figure(low)} to ${figure(high)}]` : '-';
}
