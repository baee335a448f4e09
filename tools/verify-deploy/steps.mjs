/** What verification does, step by step. Loaded when the packages that the steps import are installed. */
import { manifests } from './manifests.mjs';
import { cloudImage } from './steps/cloud-image.mjs';
import { compose } from './steps/compose.mjs';
import { consoleImage } from './steps/console-image.mjs';
import { gvisor } from './steps/gvisor.mjs';
import { images } from './steps/images.mjs';
import { kubernetes } from './steps/kubernetes.mjs';
import { localImage } from './steps/local-image.mjs';
import { refusal } from './steps/refusal.mjs';
import { rootWithSysAdmin } from './steps/root-with-sys-admin.mjs';
import { seccompProfile } from './steps/seccomp-profile.mjs';

/** In this order; `images` makes what the later ones run, and is quick where nothing has changed. */
export const STEPS = {
  manifests: { name: 'The manifests', run: manifests },
  'seccomp-profile': { name: 'The seccomp profile', run: seccompProfile },
  images: { name: 'Building the images', run: images },
  'cloud-image': { name: 'The cloud image, without root and capabilities', run: cloudImage },
  refusal: { name: 'The cloud image where it must refuse', run: refusal },
  'root-with-sys-admin': { name: 'The cloud image as root with SYS_ADMIN', run: rootWithSysAdmin },
  gvisor: { name: 'The cloud image inside gVisor', run: gvisor },
  'local-image': { name: 'The local image', run: localImage },
  'console-image': { name: 'The console image', run: consoleImage },
  compose: { name: 'Compose', run: compose },
  kubernetes: { name: 'Kubernetes', run: kubernetes },
};
