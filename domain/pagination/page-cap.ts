/** True for a number of items at which a server may cap its pages without a word: servers do so at round numbers. */
export const mayBeCap = (count: number): boolean => count >= 10 && (count % 10 === 0 || count % 25 === 0)

/** True for a number of items that is the size of a page by default in many APIs: 10, 20, 25, 30, 50, and the same with zeros. */
export const isUsualSize = (count: number): boolean => count >= 10 && /^(?:[1235]0+|250*)$/.test(String(count))
