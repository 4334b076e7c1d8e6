/**
 * Lets a full disk or a reader that went away end no process that writes to the console: Node throws such an error at the
 * process when it comes after the call. What could not be written is lost.
 */
export function outliveOutput(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
}
