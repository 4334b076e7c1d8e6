/** Names and values, as they are. */
export function FactTable({ label, facts }: { label: string; facts: readonly [name: string, value: string][] }) {
  return (
    <section aria-label={label} className="px-4 py-3">
      <h3 className="pb-1 text-12 text-ink-3">{label}</h3>
      {facts.length === 0 ? (
        <p className="text-ink-3">None.</p>
      ) : (
        <dl className="grid grid-cols-[minmax(96px,max-content)_1fr] gap-x-4 gap-y-0.5 font-mono text-12">
          {facts.map(([name, value]) => (
            <div key={name} className="contents">
              <dt className="text-ink-2">{name}</dt>
              <dd className="min-w-0 break-all">{value}</dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  )
}
