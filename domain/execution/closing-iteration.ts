/** The index of a loop's closing iteration: no element, it runs the sinks of the whole step once the elements have ended. */
export const CLOSING_INDEX = -1

export const isClosing = ({ index }: { index: number }): boolean => index === CLOSING_INDEX
