'use client'

/** A small choice of one, as a radio group. */
export function Segmented<Value extends string>({
  label,
  options,
  value,
  onChange,
}: {
  label: string
  options: readonly { value: Value; label: string }[]
  value: Value
  onChange: (value: Value) => void
}) {
  return (
    <div
      role="radiogroup"
      aria-label={label}
      className="inline-flex h-6 items-stretch rounded-md border border-line bg-panel"
    >
      {options.map((option) => (
        <label
          key={option.value}
          className="relative inline-flex cursor-pointer items-center px-2 text-12 text-ink-2 first:rounded-l-md last:rounded-r-md has-checked:bg-ink/8 has-checked:text-ink has-focus-visible:outline-2 has-focus-visible:outline-accent"
        >
          <input
            type="radio"
            name={label}
            value={option.value}
            checked={option.value === value}
            onChange={() => onChange(option.value)}
            className="absolute inset-0 cursor-pointer opacity-0"
          />
          {option.label}
        </label>
      ))}
    </div>
  )
}
