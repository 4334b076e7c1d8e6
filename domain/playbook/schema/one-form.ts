import { z } from 'zod'

type Forms<Source> = {
  forms: readonly z.ZodType[]
  choose: (value: unknown) => z.ZodType<unknown, Source>
}

/** A key with several forms. Unlike a union it reports the faults of one form only, the one `choose` takes the value for. */
export function oneForm<Source>({ forms, choose }: Forms<Source>) {
  return z
    .custom<Source>(() => true)
    .check((context) => {
      const { error } = choose(context.value).safeParse(context.value)
      if (error === undefined) return
      context.issues.push({
        code: 'custom',
        params: { faults: error.issues },
        message: error.message,
        input: context.value,
      })
    })
    .meta({ anyOf: forms.map((form) => z.toJSONSchema(form, { io: 'input', unrepresentable: 'any' })) })
}

/** The faults of the chosen form, out of the one issue they travel in. */
export function faultsOfForm(issue: z.core.$ZodIssue): readonly z.core.$ZodIssue[] {
  const faults: unknown = issue.code === 'custom' ? issue.params?.faults : undefined
  return Array.isArray(faults) ? faults : []
}
