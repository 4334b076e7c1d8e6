/** The frame of a page while its content is read: the same heights, nothing moves when it arrives. */
export function PageSkeleton() {
  return (
    <div role="status" aria-busy="true" aria-label="Loading">
      <div className="flex h-12 items-center border-b border-line px-5">
        <div className="skeleton h-4 w-48" />
      </div>
      <div className="space-y-2 p-5">
        {[80, 64, 72, 56].map((width) => (
          <div key={width} className="skeleton h-5" style={{ width: `${width}%` }} />
        ))}
      </div>
    </div>
  )
}
