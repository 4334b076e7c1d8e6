/** A run while its snapshot is read: the same heights as what comes. */
export function RunSkeleton() {
  return (
    <div role="status" aria-busy="true" aria-label="Reading the run">
      <div className="flex h-[62px] items-center gap-8 border-b border-line bg-panel px-5">
        {[96, 64, 64, 64, 64].map((width, at) => (
          <div key={at} className="skeleton h-7" style={{ width }} />
        ))}
      </div>
      <div className="h-[37px] border-b border-line" />
      <div className="space-y-2 p-5">
        <div className="skeleton h-5 w-3/4" />
        <div className="skeleton h-5 w-3/5" />
      </div>
    </div>
  )
}
