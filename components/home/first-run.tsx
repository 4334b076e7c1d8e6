import { PageHeader } from '@/components/shell/page-header'
import { RunDemo } from './run-demo'

const LANES = [
  { name: 'assessments', pages: [10, 10, 10, 5], color: 'bg-done/24 border-done' },
  { name: 'users', pages: [15, 15, 5], color: 'bg-done/24 border-done' },
]

/** Before the first run: what the demo will do, drawn as it will look, and the button that does it. */
export function FirstRun() {
  return (
    <>
      <PageHeader crumbs={[{ label: 'Home' }]} />
      <div className="min-h-0 flex-1 overflow-y-auto">
        <div className="max-w-[760px] px-4 py-8 sm:px-10 sm:py-14">
          <h2 className="text-28 font-semibold tracking-tight text-balance">Every page of two APIs, live</h2>
          <p className="max-w-[64ch] pt-2 pb-6 text-14 text-ink-2">
            The demo asks two endpoints of the sample API that was started with Pageturner for all their pages, one
            after the other, and checks that none is missing. It needs no network and takes a moment.
          </p>
          <figure className="mb-6 rounded-md border border-line bg-panel py-2" aria-label="What the demo fetches">
            {LANES.map(({ name, pages, color }) => (
              <div key={name} className="flex h-8 items-center gap-3 px-4">
                <span className="w-24 shrink-0">{name}</span>
                <span className="flex min-w-0 flex-1 gap-1">
                  {pages.map((items, at) => (
                    <span
                      key={`${name}-${at}`}
                      style={{ flexGrow: items }}
                      className={`turned h-5 min-w-0 basis-0 truncate rounded-l-sm border-l-2 px-1.5 text-12 leading-5 ${color}`}
                    >
                      p{at + 1} <span className="text-ink-2 max-sm:hidden">· {items}</span>
                    </span>
                  ))}
                </span>
                <span className="w-16 shrink-0 text-right text-12 text-ink-2">35 items</span>
              </div>
            ))}
            <figcaption className="mt-1 border-t border-line px-4 pt-2 text-12 text-ink-2">
              2 elements, 7 pages, 70 items
            </figcaption>
          </figure>
          <RunDemo />
        </div>
      </div>
    </>
  )
}
