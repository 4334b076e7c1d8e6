/** One thing the doctor looked at: how it is, and what to do about it. */
export type Finding = { what: string; state: 'ok' | 'note' | 'bad'; detail: string; remedy?: string }
