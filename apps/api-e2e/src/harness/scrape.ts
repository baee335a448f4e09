import type { ApiServer } from './api-server';
import { eventually } from './eventually';

/** What the service logs when its metrics can be read. */
const ANNOUNCEMENT = /^pycell metrics on (http:\/\/\S+)$/m;
const SAMPLE = /^([a-z_0-9]+)(?:\{(.*)\})? (\S+)$/;

type Labels = Readonly<Record<string, string>>;

/** Returns where a server that was started with METRICS_PORT=0 hands out its metrics. */
export function metricsUrlOf(server: ApiServer): string {
  const url = ANNOUNCEMENT.exec(server.log)?.[1];
  if (url === undefined) {
    throw new Error(`the server says nothing of metrics:\n${server.log}`);
  }
  return url;
}

/** What a service told of itself at one moment, in the text format of Prometheus. */
export class Scrape {
  private readonly samples: readonly {
    readonly name: string;
    readonly labels: Labels;
    readonly value: number;
  }[];

  constructor(readonly text: string) {
    this.samples = text
      .split('\n')
      .map((line) => SAMPLE.exec(line))
      .filter((found) => found !== null)
      .map(([, name = '', labels = '', value]) => ({
        name,
        labels: parseLabels(labels),
        value: Number(value),
      }));
  }

  static async of(server: ApiServer): Promise<Scrape> {
    const answer = await fetch(metricsUrlOf(server));
    if (answer.status !== 200) {
      throw new Error(`metrics: ${answer.status} ${await answer.text()}`);
    }
    return new Scrape(await answer.text());
  }

  /** The sum of all series of a name that have these labels, whatever others. 0 where there is none. */
  sum(name: string, labels: Labels = {}): number {
    return this.samples
      .filter((sample) => sample.name === name && hasAll(sample.labels, labels))
      .reduce((sum, { value }) => sum + value, 0);
  }

  /** Series of a name that are not zero: their labels' values, in their order, and the value. */
  counts(name: string): Readonly<Record<string, number>> {
    const counted = this.samples.filter((sample) => sample.name === name && sample.value !== 0);
    return Object.fromEntries(counted.map(({ labels, value }) => [Object.values(labels).join(' '), value]));
  }
}

/**
 * Waits until so many scripts have a place, and so many wait for one, in a server that was started with METRICS_PORT=0: a
 * script that was sent has its place only some time later.
 */
export async function placesHeld(server: ApiServer, held: number, waiting = 0): Promise<void> {
  await eventually(
    () => Scrape.of(server),
    (seen) => seen.sum('pycell_places_held') === held && seen.sum('pycell_queue_depth') === waiting,
  );
}

function parseLabels(text: string): Labels {
  return Object.fromEntries(
    Array.from(text.matchAll(/(\w+)="([^"]*)"/g), ([, name = '', value = '']) => [name, value]),
  );
}

function hasAll(labels: Labels, wanted: Labels): boolean {
  return Object.entries(wanted).every(([name, value]) => labels[name] === value);
}
