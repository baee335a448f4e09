import { ChangeDetectionStrategy, Component, computed, input, linkedSignal } from '@angular/core';
import type { Artifact } from '@pycell/contracts';
import { bytesOfBase64 } from '@pycell/api-client';
import { saveBytes } from '../../browser/save-file';
import { ToolButton } from '../../ui/controls/tool-button';
import { bytesText, countText } from '../../ui/formatting/figures';
import { Icon } from '../../ui/icons/icon';
import type { IconName } from '../../ui/icons/icon-paths';
import { imageSource, isTable, isTextual } from './artifact-content';
import { savedName, shownName } from './artifact-names';
import { FigureDialog } from './figure-dialog';
import { PreviewDialog } from './preview-dialog';

/** A file as it is listed. */
interface ShownFile {
  readonly artifact: Artifact;
  readonly name: string;
  readonly size: string;
  readonly icon: IconName;
  readonly canPreview: boolean;
}

interface ShownFigure extends ShownFile {
  readonly source: string;
}

/** The figures and files that a script left: figures are seen, files are downloaded or looked into. */
@Component({
  selector: 'app-files-view',
  changeDetection: ChangeDetectionStrategy.OnPush,
  // Only inside of @defer: their code comes with the first click.
  imports: [FigureDialog, Icon, PreviewDialog, ToolButton],
  templateUrl: './files-view.html',
  styleUrl: './files-view.css',
})
export class FilesView {
  readonly artifacts = input.required<readonly Artifact[]>();
  /** Nothing around it says what it is. */
  readonly isTitled = input(false);

  protected readonly figures = computed<readonly ShownFigure[]>(() =>
    this.artifacts().flatMap((artifact) => {
      const source = imageSource(artifact);
      return source === null ? [] : [{ ...shownFile(artifact), source }];
    }),
  );
  protected readonly files = computed<readonly ShownFile[]>(() =>
    this.artifacts()
      .filter((artifact) => imageSource(artifact) === null)
      .map(shownFile),
  );
  protected readonly count = computed(() => countText(this.artifacts().length, 'file'));
  /** Figures that the browser cannot draw. */
  protected readonly broken = linkedSignal<readonly Artifact[], ReadonlySet<Artifact>>({
    source: this.artifacts,
    computation: () => new Set(),
  });
  /** What is looked at over the page. */
  protected readonly enlarged = linkedSignal<readonly Artifact[], Artifact | null>({
    source: this.artifacts,
    computation: () => null,
  });
  protected readonly previewed = linkedSignal<readonly Artifact[], Artifact | null>({
    source: this.artifacts,
    computation: () => null,
  });

  protected setBroken(artifact: Artifact): void {
    this.broken.update((broken) => new Set([...broken, artifact]));
  }

  protected download({ name, base64 }: Artifact): void {
    const bytes = bytesOfBase64(base64);
    if (bytes) saveBytes(savedName(name), bytes);
  }
}

function shownFile(artifact: Artifact): ShownFile {
  const icon = isTable(artifact) ? 'table' : isTextual(artifact) ? 'draft' : 'download';
  return {
    artifact,
    name: shownName(artifact.name),
    size: bytesText(artifact.sizeBytes),
    icon,
    canPreview: isTextual(artifact),
  };
}
