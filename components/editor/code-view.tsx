'use client'
import dynamic from 'next/dynamic'

/** Text as code, read-only; the viewer is only loaded where one is shown. */
export const CodeView = dynamic(async () => (await import('./read-only-code')).ReadOnlyCode, {
  ssr: false,
  loading: () => <div className="skeleton m-3 h-24" />,
})
