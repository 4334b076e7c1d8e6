'use client'
import { useEffect } from 'react'

type Sign = 'running' | 'failed' | 'none'

/** Puts a run's state on the tab: a triangle while it runs, a cross when it failed. */
export function useRunFavicon(sign: Sign): void {
  useEffect(() => {
    const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]')
    if (link === null || sign === 'none') return
    const before = link.href
    link.href = `data:image/svg+xml,${encodeURIComponent(iconWith(sign))}`
    return () => {
      link.href = before
    }
  }, [sign])
}

function iconWith(sign: 'running' | 'failed'): string {
  const theme = getComputedStyle(document.documentElement)
  const color = (name: string) => theme.getPropertyValue(`--${name}`).trim()
  const shape = sign === 'running' ? 'M7 8.500 14 12.500 7 16.500Z' : 'M7 9 13 16M13 9 7 16'
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 20" stroke-linejoin="round" stroke-linecap="round">
<path d="M3.500 1.500h8L16.500 6.500V18.500H3.500Z" fill="${color('panel')}" stroke="${color(sign)}" stroke-width="1.600"/>
<path d="M11.500 1.500 16.500 6.500H11.500Z" fill="${color(sign)}" stroke="${color(sign)}" stroke-width="1.600"/>
<path d="${shape}" fill="${sign === 'running' ? color(sign) : 'none'}" stroke="${color(sign)}" stroke-width="2.200"/></svg>`
}
