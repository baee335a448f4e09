import type { ExecutorRecipe } from '../launch/recipe';
import { launchRunner, type RunnerLauncher } from '../launch/runner-launcher';
import { PerRunExecutor } from '../per-run/per-run-executor';
import type { SandboxExecutor } from '../run/sandbox-executor';
import { WarmExecutor } from '../warm/warm-executor';
import type { ExecutorOptions, JailProfile } from './executor-options';
import { gvisorRecipe } from './gvisor/gvisor.recipe';
import { localRecipe } from './local/local.recipe';
import { nsjailRecipe } from './nsjail/nsjail.recipe';

/** Every executor there is: a folder with its recipe, and a line here. */
const RECIPES: Readonly<Record<'local' | JailProfile, (options: ExecutorOptions) => ExecutorRecipe>> = {
  local: localRecipe,
  full: nsjailRecipe,
  'no-user-namespace': nsjailRecipe,
  gvisor: gvisorRecipe,
};

/** Returns the executor that the configuration names. Chosen from that alone: whether it works is for readiness to say. */
export function createExecutor(
  options: ExecutorOptions,
  launch: RunnerLauncher = launchRunner,
): SandboxExecutor {
  const recipe = RECIPES[options.build === 'local' ? 'local' : options.jailProfile](options);
  switch (recipe.launch.way) {
    case 'warm':
      return new WarmExecutor(recipe, recipe.launch, launch);
    case 'per-run':
      return new PerRunExecutor(recipe, recipe.launch, launch);
    default:
      return recipe.launch satisfies never;
  }
}
