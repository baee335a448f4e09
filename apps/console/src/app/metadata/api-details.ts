import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import type { ExecutionLimits, MetadataResponse } from '@pycell/contracts';
import { bytesText, countText } from '../ui/formatting/figures';
import { isolationText } from './isolation';
import { SelfTestSummary } from './self-test-summary';

interface Fact {
  readonly name: string;
  readonly value: string;
}

const COUNT = new Intl.NumberFormat('en');

/** What the API says that it is. */
@Component({
  selector: 'app-api-details',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [SelfTestSummary],
  template: `
    <dl>
      @for (fact of facts(); track fact.name) {
        <div class="fact">
          <dt>{{ fact.name }}</dt>
          <dd>{{ fact.value }}</dd>
        </div>
      }
      <div class="fact">
        <dt>Isolation checks</dt>
        <dd>
          <app-self-test-summary [selfTest]="metadata().selfTest" [isolation]="metadata().isolation" />
        </dd>
      </div>
      <div class="fact wide">
        <dt>Packages</dt>
        <dd>
          @for (item of metadata().python.packages; track item.name) {
            <span class="chip"
              >{{ item.name }} <span class="version">{{ item.version }}</span></span
            >
          } @empty {
            the standard library only
          }
        </dd>
      </div>
      <div class="fact wide">
        <dt>Limits of a run</dt>
        <dd class="limits">
          @for (limit of limits(); track limit.name) {
            <span class="chip"
              >{{ limit.name }} <span class="version">{{ limit.value }}</span></span
            >
          }
        </dd>
      </div>
      @if (metadata().isolationPromises.length > 0) {
        <div class="fact wide">
          <dt>Promises</dt>
          <dd>
            <details>
              <summary>what {{ metadata().isolation }} promises of each run</summary>
              <ul>
                @for (promise of metadata().isolationPromises; track promise) {
                  <li>{{ promise }}</li>
                }
              </ul>
            </details>
          </dd>
        </div>
      }
    </dl>
  `,
  styleUrl: './api-details.css',
})
export class ApiDetails {
  readonly metadata = input.required<MetadataResponse>();

  protected readonly facts = computed<readonly Fact[]>(() => {
    const { version, environment, isolation, python, scriptPolicy } = this.metadata();
    return [
      { name: 'Version', value: `pycell ${version}` },
      { name: 'Environment', value: environment },
      { name: 'Python', value: python.version ?? 'not known: the sandbox is not set up' },
      { name: 'Isolation', value: isolationText(isolation) },
      {
        name: 'Script policy',
        value: scriptPolicy.mode === 'off' ? 'off' : refusalText(scriptPolicy),
      },
      ...callerFacts(this.metadata().caller),
    ];
  });
  protected readonly limits = computed(() => limitsOf(this.metadata().limits));
}

function refusalText({ blockedModules, blockedNames }: MetadataResponse['scriptPolicy']): string {
  const refused = [...blockedModules, ...blockedNames.map((name) => `${name}()`)];
  return refused.length === 0 ? 'refuses nothing' : `refuses ${refused.join(', ')}`;
}

/** What the caller has of the service. */
function callerFacts(caller: MetadataResponse['caller']): readonly Fact[] {
  if (!caller) return [];
  const { places, rate } = caller;
  const facts = [
    { name: 'Places', value: places === null ? null : `${countText(places, 'run')} at once` },
    {
      name: 'Rate',
      value:
        rate === null
          ? null
          : `${countText(rate.requests, 'request')} in ${countText(rate.seconds, 'second')}`,
    },
  ];
  return facts.filter((fact): fact is Fact => fact.value !== null);
}

function limitsOf(limits: ExecutionLimits): readonly Fact[] {
  return [
    { name: 'time', value: `${COUNT.format(limits.timeoutSeconds)} s` },
    { name: 'memory', value: `${COUNT.format(limits.memoryLimitMb)} MB` },
    { name: 'script', value: `${COUNT.format(limits.maxScriptSize)} characters` },
    { name: 'output', value: bytesText(limits.maxOutputBytes) },
    { name: 'result', value: bytesText(limits.maxResultBytes) },
    { name: 'threads', value: COUNT.format(limits.maxThreads) },
    { name: 'open files', value: COUNT.format(limits.maxOpenFiles) },
    { name: '/tmp', value: `${COUNT.format(limits.tmpSizeMb)} MB` },
  ];
}
