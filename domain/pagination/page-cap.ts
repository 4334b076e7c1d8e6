/** True for a number of items at which a server may cap its pages without a word: servers do so at round numbers. */
export const mayBeCap = (count: number): boolean => count >= 10 && (count % 10 === 0 || count % 25 === 0)
