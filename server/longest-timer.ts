/** 24.8 days, the longest Node waits: whoever asks it for more is called at once. */
export const LONGEST_TIMER_MS = 2 ** 31 - 1
