import type { PageCommit } from '../db/page-commit'
import type { PageWriter } from '../db/page-writer'

export type CommitLine = {
  /** Hands a commit to the writer without waiting for it. */
  write(commit: PageCommit): void
  /** Aborts as soon as one commit was fenced or failed: what follows would be refused as well. */
  readonly broken: AbortSignal
  /** Waits for all commits; false when one was fenced. Throws what made one fail. */
  settled(): Promise<boolean>
}

/** The commits of one claim, in order, pipelined: fetching goes on while they become durable. */
export function createCommitLine(writer: PageWriter): CommitLine {
  const controller = new AbortController()
  const open = new Set<Promise<void>>()
  let fenced = false
  let failure: { error: unknown } | null = null

  const follow = async (commit: PageCommit): Promise<void> => {
    try {
      if ((await writer.write(commit)) === 'written') return
      fenced = true
    } catch (error) {
      failure ??= { error }
    }
    controller.abort(new Error('a commit was refused'))
  }

  return {
    broken: controller.signal,
    write(commit) {
      const written = follow(commit).finally(() => open.delete(written))
      open.add(written)
    },
    async settled() {
      await Promise.all(open)
      if (failure !== null) throw failure.error
      return !fenced
    },
  }
}
