const MINIMUM = [20, 19]

/** Ends the process with a plain sentence when this Node is too old to run Pageturner. */
export function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > MINIMUM[0] || (major === MINIMUM[0] && minor >= MINIMUM[1])) return
  console.error(
    `Pageturner needs Node ${MINIMUM.join('.')} or later, and this is ${process.versions.node}.\n` +
      'Install Node 24 from https://nodejs.org (or with nvm: nvm install 24), then run the same command again.',
  )
  process.exit(1)
}
