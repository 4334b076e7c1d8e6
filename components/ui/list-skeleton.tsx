/** A list that is still being read: as many lines, as high as they will be. */
export function ListSkeleton({ rows }: { rows: number }) {
  return (
    <div role="status" aria-busy="true" aria-label="Loading">
      {Array.from({ length: rows }, (_, at) => at).map((at) => (
        <div key={at} className="flex h-9 items-center gap-4 border-b border-line/60 px-5">
          <div className="skeleton h-3.5 w-24" />
          <div className="skeleton h-3.5 flex-1" style={{ maxWidth: `${48 - (at % 4) * 7}%` }} />
        </div>
      ))}
    </div>
  )
}
