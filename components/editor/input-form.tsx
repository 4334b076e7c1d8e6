'use client'
import type { WorkloadInput } from '@/domain/playbook/workload-inputs'
import { defaultText, type EditedInputs } from './input-values'

type Props = {
  inputs: readonly WorkloadInput[]
  edited: EditedInputs
  errors: Readonly<Record<string, string>>
  onEdit: (key: string, text: string | null) => void
}

/** The inputs of a run with the playbook's own values; what is changed here holds for this run only. */
export function InputForm({ inputs, edited, errors, onEdit }: Props) {
  if (inputs.length === 0) return <p className="text-ink-3">This playbook takes no inputs.</p>
  return (
    <div className="space-y-3">
      {inputs.map((input) => (
        <InputField
          key={input.key}
          input={input}
          text={edited[input.key] ?? defaultText(input)}
          isChanged={edited[input.key] !== undefined && edited[input.key] !== defaultText(input)}
          error={errors[input.key] ?? null}
          onEdit={(text) => onEdit(input.key, text)}
        />
      ))}
    </div>
  )
}

type FieldProps = {
  input: WorkloadInput
  text: string
  isChanged: boolean
  error: string | null
  onEdit: (text: string | null) => void
}

function InputField({ input, text, isChanged, error, onEdit }: FieldProps) {
  const id = `input-${input.key}`
  const look = `w-full rounded-md border bg-panel px-2 font-mono text-12 ${error === null ? 'border-line' : 'border-failed'}`
  const common = { id, 'aria-invalid': error !== null, 'aria-describedby': `${id}-note` }
  return (
    <div>
      <div className="flex items-baseline gap-2 pb-0.5">
        <label htmlFor={id} className="font-mono text-12">
          {input.key}
        </label>
        {isChanged ? (
          <button type="button" onClick={() => onEdit(null)} className="ml-auto text-12 text-accent hover:underline">
            Reset
          </button>
        ) : (
          <span className="ml-auto text-12 text-ink-3">{input.kind === 'template' ? 'template' : 'as written'}</span>
        )}
      </div>
      {control()}
      <p id={`${id}-note`} role={error === null ? undefined : 'alert'} className="text-12 text-failed">
        {error}
      </p>
    </div>
  )

  function control() {
    switch (input.kind) {
      case 'json':
        return (
          <textarea
            {...common}
            value={text}
            rows={Math.min(8, text.split('\n').length)}
            spellCheck={false}
            onChange={(event) => onEdit(event.target.value)}
            className={`${look} py-1 leading-4`}
          />
        )
      case 'boolean':
        return (
          <input
            {...common}
            type="checkbox"
            checked={text === 'true'}
            onChange={(event) => onEdit(String(event.target.checked))}
            className="size-4 accent-accent"
          />
        )
      case 'number':
      case 'string':
      case 'template':
        return (
          <input
            {...common}
            type="text"
            inputMode={input.kind === 'number' ? 'decimal' : 'text'}
            value={text}
            spellCheck={false}
            onChange={(event) => onEdit(event.target.value)}
            className={`${look} h-7`}
          />
        )
    }
  }
}
