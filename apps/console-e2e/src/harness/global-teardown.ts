export default async function stopSharedServices(): Promise<void> {
  await globalThis.stopSharedServices?.();
}
