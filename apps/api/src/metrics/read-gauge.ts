import { Gauge, type Registry } from 'prom-client';

/** Adds a gauge that is read when somebody asks. @param read returns undefined where there is nothing to tell */
export function readGauge(
  registry: Registry,
  name: string,
  help: string,
  read: () => number | undefined,
): void {
  new Gauge({
    name,
    help,
    registers: [registry],
    collect() {
      const value = read();
      if (value === undefined) {
        this.remove();
      } else {
        this.set(value);
      }
    },
  });
}
