'use client'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { ThemeProvider } from 'next-themes'
import { NuqsAdapter } from 'nuqs/adapters/next/app'
import { useState, type ReactNode } from 'react'
import { RequestFailed } from '@/components/api/request-json'
import { Toasts } from './toasts'

const newQueryClient = () =>
  new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 2000,
        retry: (failures, error) => isWorthAnotherTry(error) && failures < 2,
      },
    },
  })

/** A refusal stays a refusal; only a server that is away is asked again. */
const isWorthAnotherTry = (error: Error): boolean =>
  !(error instanceof RequestFailed) || error.problem.status === 0 || error.problem.status >= 500

export function Providers({ nonce, children }: { nonce: string | undefined; children: ReactNode }) {
  const [queryClient] = useState(newQueryClient)
  return (
    <ThemeProvider attribute="data-theme" defaultTheme="system" disableTransitionOnChange {...(nonce && { nonce })}>
      <QueryClientProvider client={queryClient}>
        <NuqsAdapter>{children}</NuqsAdapter>
      </QueryClientProvider>
      <Toasts />
    </ThemeProvider>
  )
}
