'use client'
import { useMutation } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import type { Problem } from '@/domain/api/problem'
import {
  detectAnswerSchema,
  testAnswerSchema,
  type DetectAnswer,
  type TestAnswer,
  type TestedElement,
} from '@/domain/api/playbook-test'
import { problemOf } from '@/components/api/problem-of'
import { requestJson } from '@/components/api/request-json'

/** What is asked for: `sent` is the text and the inputs at that moment. */
type Asked = { step: string; index: number; page: number; content: string; workload: Readonly<Record<string, unknown>> }

export type TrialOutcome =
  | { kind: 'none' }
  | { kind: 'asking'; what: 'test' | 'detect' }
  | { kind: 'refused'; problem: Problem }
  | { kind: 'tested'; asked: Asked; answer: TestAnswer }
  | { kind: 'detected'; asked: Asked; answer: DetectAnswer }

export type Trial = {
  step: string
  index: number
  page: number
  /** Known once an answer named them. */
  element: TestedElement | null
  /** Whether the page tested last has one behind it. */
  hasNext: boolean
  outcome: TrialOutcome
  /** True when the text or the inputs are no longer those of the outcome. */
  isStale: boolean
  choose: (step: string) => void
  test: (what: { step?: string; index?: number; page?: number }) => void
  detect: () => void
}

type Source = { content: string; workload: Readonly<Record<string, unknown>> }

/** One step on trial: what was asked for last, and what came of it. */
export function useTrial(source: Source): Trial {
  const [step, setStep] = useState('')
  const [index, setIndex] = useState(0)
  const [page, setPage] = useState(1)
  const [hasNext, setHasNext] = useState(false)
  const [element, setElement] = useState<{ step: string; facts: TestedElement } | null>(null)
  /** Whoever asks again doesn't wait for what was asked before. */
  const flight = useRef<AbortController>(null)
  const ask = useMutation({
    mutationFn: send,
    onSuccess: (outcome) => {
      setElement({ step: outcome.asked.step, facts: outcome.answer.element })
      if (outcome.kind === 'detected') return
      setPage(outcome.answer.page)
      setHasNext(outcome.answer.next !== null)
    },
  })
  const outcome = outcomeOf(ask)
  const start = (what: 'test' | 'detect', where: { step?: string; index?: number; page?: number }): void => {
    flight.current?.abort()
    flight.current = new AbortController()
    const asked = { step, index, page, ...where, ...source }
    setStep(asked.step)
    setIndex(asked.index)
    setPage(asked.page)
    ask.mutate({ what, asked, signal: flight.current.signal })
  }
  return {
    step,
    index,
    page,
    element: element?.step === step ? element.facts : null,
    outcome,
    isStale: 'asked' in outcome && !isSame(outcome.asked, source),
    hasNext,
    choose: (next) => start('test', { step: next, index: 0, page: 1 }),
    test: (what) => start('test', what),
    detect: () => start('detect', { page: 1 }),
  }
}

type Came = Extract<TrialOutcome, { kind: 'tested' | 'detected' }>

type Ask = { what: 'test' | 'detect'; asked: Asked; signal: AbortSignal }

async function send({ what, asked, signal }: Ask): Promise<Came> {
  const { step, index: element_index, page, content, workload } = asked
  const body = { content, step, element_index, workload }
  if (what === 'test') {
    const answer = await requestJson('/api/playbooks/test', testAnswerSchema, {
      method: 'POST',
      body: { ...body, page },
      signal,
    })
    return { kind: 'tested', asked, answer }
  }
  const answer = await requestJson('/api/playbooks/detect', detectAnswerSchema, { method: 'POST', body, signal })
  return { kind: 'detected', asked, answer }
}

type Asking = ReturnType<typeof useMutation<Came, Error, Ask>>

function outcomeOf(ask: Asking): TrialOutcome {
  switch (ask.status) {
    case 'idle':
      return { kind: 'none' }
    case 'pending':
      return { kind: 'asking', what: ask.variables.what }
    case 'error':
      return { kind: 'refused', problem: problemOf(ask.error) }
    case 'success':
      return ask.data
  }
}

const isSame = (asked: Asked, source: Source): boolean =>
  asked.content === source.content && JSON.stringify(asked.workload) === JSON.stringify(source.workload)
