import { describeBounds } from './job-bounds.contract';
import { describeLives } from './job-lives.contract';
import { describeTellings } from './job-tellings.contract';
import { type MadeStore, type StoreOptions, StoreScene } from './store-scene.contract';

export type { MadeStore, StoreOptions };

/** What every store of jobs does. @param make starts one that is empty */
export function describeJobStore(name: string, make: (options: StoreOptions) => Promise<MadeStore>): void {
  describe(name, () => {
    const scene = new StoreScene(make);

    afterEach(() => scene.close());

    describeLives(scene);
    describeTellings(scene);
    describeBounds(scene);
  });
}
