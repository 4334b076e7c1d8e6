/** The folders of the builds a process runs from; `web` is null for commands that serve nothing. */
export type Builds = { app: string; web: string | null }
