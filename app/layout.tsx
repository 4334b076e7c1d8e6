import type { Metadata, Viewport } from 'next'
import { headers } from 'next/headers'
import type { ReactNode } from 'react'
import { Providers } from '@/components/shell/providers'
import { Rail } from '@/components/shell/rail'
import { SystemBanner } from '@/components/system/system-banner'
import './globals.css'

export const metadata: Metadata = {
  title: { default: 'Pageturner', template: '%s · Pageturner' },
  description: 'Pull every page of many HTTP APIs, and be sure that nothing was missed.',
}

export const viewport: Viewport = { width: 'device-width', initialScale: 1 }

/** Rendered per request: the nonce of the content security policy is in every page. */
export default async function RootLayout({ children }: { children: ReactNode }) {
  const nonce = (await headers()).get('x-nonce') ?? undefined
  return (
    <html lang="en" suppressHydrationWarning>
      <body>
        <Providers nonce={nonce}>
          <a
            href="#main"
            className="fixed top-2 left-2 z-50 -translate-y-16 rounded-md bg-accent px-3 py-1.5 text-on-accent focus:translate-y-0"
          >
            Skip to content
          </a>
          <div className="flex h-dvh max-sm:flex-col">
            <Rail />
            <main id="main" tabIndex={-1} className="flex min-h-0 min-w-0 flex-1 flex-col outline-none">
              <SystemBanner />
              {children}
            </main>
          </div>
        </Providers>
      </body>
    </html>
  )
}
