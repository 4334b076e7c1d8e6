import type { PageCommit } from '../db/page-commit'
import type { PageWriter } from '../db/page-writer'

export type CommitLine = {
  /** Hands a commit to the writer without waiting for it. */
  write(commit: PageCommit): void
  /** Aborts as soon as one commit was fenced or failed: what follows is refused as well. */
  readonly broken: AbortSignal
  /** Waits for all commits; false when one was fenced. Throws what made one fail. */
  settled(): Promise<boolean>
}

/** Claims count from 1, so the database fences what bears this. */
const NO_EPOCH = 0

/** The commits of one claim, in order, pipelined: fetching goes on while they become durable. */
export function createCommitLine(writer: PageWriter): CommitLine {
  const controller = new AbortController()
  const open = new Map<PageCommit, Promise<void>>()
  let fenced = false
  let failure: { error: unknown } | null = null

  const follow = async (commit: PageCommit): Promise<void> => {
    try {
      if ((await writer.write(commit)) === 'written') return
      fenced = true
    } catch (error) {
      failure ??= { error }
    }
    // What waits behind it says in its checkpoint that this page is saved: written, it would hide that the page is missing.
    for (const behind of open.keys()) behind.epoch = NO_EPOCH
    controller.abort(new Error('a commit was refused'))
  }

  return {
    broken: controller.signal,
    write(commit) {
      if (controller.signal.aborted) commit.epoch = NO_EPOCH
      open.set(
        commit,
        follow(commit).finally(() => open.delete(commit)),
      )
    },
    async settled() {
      await Promise.all(open.values())
      if (failure !== null) throw failure.error
      return !fenced
    },
  }
}
