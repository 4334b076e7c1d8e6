import { AS_STEP, type InspectorTab, type RunAddress, type SetRunAddress } from './run-address'

export type Pick = { step: string; e: number; p: number | null }

/** Where the selection is, as one value; null when nothing is selected. */
export const pickOf = ({ step, e, p }: RunAddress): Pick | null => (step === null || e === null ? null : { step, e, p })

/** Opens the inspector on a page; a failed try is shown by its response, like a page. */
export function inspectPage(
  set: SetRunAddress,
  pick: Pick & { a?: number | null },
  tab: InspectorTab = 'response',
): void {
  void set({ step: pick.step, e: pick.e, p: pick.p ?? 1, a: pick.a ?? null, inspect: tab }, AS_STEP)
}
