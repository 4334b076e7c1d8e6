'use client'
import './globals.css'

/** Shown when even the frame of the app failed; nothing of ours may be needed here. */
export default function GlobalError({ retry }: { error: unknown; retry: () => void }) {
  return (
    <html lang="en">
      <body>
        <main className="space-y-3 p-6">
          <h1 className="text-16 font-semibold">Pageturner could not be shown</h1>
          <p>Runs go on, and what has been saved is safe.</p>
          <button type="button" onClick={retry} className="rounded-md border border-line bg-panel px-3 py-1">
            Try again
          </button>
        </main>
      </body>
    </html>
  )
}
