'use client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { isolateHistory } from '@codemirror/commands'
import type { EditorView } from '@codemirror/view'
import { FlaskConical, Play } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useMemo, useState } from 'react'
import { toast } from 'sonner'
import { registerAnswerSchema } from '@/domain/api/playbooks'
import type { Diagnostic } from '@/domain/playbook/diagnostic'
import { playbookJsonSchema } from '@/domain/playbook/json-schema'
import { workloadInputs } from '@/domain/playbook/workload-inputs'
import { problemOf } from '@/components/api/problem-of'
import { requestJson } from '@/components/api/request-json'
import { runPlaybook } from '@/components/api/run-playbook'
import { PageHeader, type Crumb } from '@/components/shell/page-header'
import { Button } from '@/components/ui/button'
import { CodeView } from './code-view'
import { useMedia } from '@/components/ui/use-media'
import { readInputs, type EditedInputs } from './input-values'
import { DraftNote } from './draft-note'
import { PlaybookEditor } from './playbook-editor'
import { ProblemList } from './problem-list'
import { RunPanel } from './run-panel'
import { stepAt } from './trial/step-at'
import { TrialPanel } from './trial/trial-panel'
import { useTrial } from './trial/use-trial'
import { useDiagnostics } from './use-diagnostics'
import { usePlaybookText } from './use-playbook-text'
import { ValidityMark } from './validity-mark'

type Props = { path: string | null; saved: string; version: number | null; crumbs: readonly Crumb[] }

/** The text, what is wrong with it, the inputs of a run, and the two buttons: save a version, run what is shown. */
export function EditorBench({ path, saved, version, crumbs }: Props) {
  const router = useRouter()
  const queries = useQueryClient()
  const schema = useMemo(() => playbookJsonSchema(), [])
  const isPhone = useMedia('(max-width: 639px)')
  const [editor, setEditor] = useState<EditorView | null>(null)
  const [edited, setEdited] = useState<EditedInputs>({})
  const source = usePlaybookText(path, saved, version)
  const { playbook, diagnostics } = useDiagnostics(source.text)
  const inputs = useMemo(() => (playbook === null ? [] : workloadInputs(playbook.workload)), [playbook])
  const { workload, errors } = readInputs(inputs, edited)
  const [isTrialOpen, setTrialOpen] = useState(false)
  const trial = useTrial({ content: source.text, workload })
  const steps = useMemo(
    () => (playbook?.workflow ?? []).flatMap(({ tool, step }) => (tool === 'http' ? [step] : [])),
    [playbook],
  )
  const isRunnable = playbook !== null && Object.keys(errors).length === 0

  const run = useMutation({
    mutationFn: () => runPlaybook({ content: source.text, workload }),
    onSuccess: ({ execution_id }) => router.push(`/runs/${execution_id}`),
  })
  const save = useMutation({
    mutationFn: () =>
      requestJson('/api/playbooks', registerAnswerSchema, { method: 'POST', body: { content: source.text } }),
    onSuccess: async (answer) => {
      source.settle()
      toast.success(
        answer.created ? `Saved as version ${answer.version}` : `Version ${answer.version} already has this text`,
      )
      await Promise.all([
        queries.invalidateQueries({ queryKey: ['playbooks'] }),
        queries.invalidateQueries({ queryKey: ['playbook', answer.path] }),
      ])
      if (answer.path !== path) router.replace(`/playbooks/edit/${answer.path}`)
    },
    onError: (error) => toast.error(problemOf(error).detail),
  })
  const startRun = () => {
    if (isRunnable && !run.isPending) run.mutate()
  }
  const startSave = () => {
    if (playbook !== null && source.isChanged && !save.isPending) save.mutate()
  }
  const startTest = () => {
    const step = stepAt(source.text, editor?.state.selection.main.head ?? 0, steps)
    if (!isRunnable || step === null) return
    setTrialOpen(true)
    if (step === trial.step) trial.test({})
    else trial.choose(step)
  }
  const write = (edit: { from: number; to: number; insert: string }) => {
    const selection = { anchor: edit.from, head: edit.from + edit.insert.length }
    editor?.dispatch({ changes: edit, selection, scrollIntoView: true, annotations: isolateHistory.of('full') })
    editor?.focus()
  }
  const jump = ({ from, to }: Diagnostic) => {
    editor?.dispatch({ selection: { anchor: from, head: Math.min(to, editor.state.doc.length) }, scrollIntoView: true })
    editor?.focus()
  }
  return (
    <>
      <PageHeader crumbs={crumbs}>
        <ValidityMark diagnostics={diagnostics} />
        {isPhone ? null : (
          <Button disabled={playbook === null || !source.isChanged || save.isPending} onClick={startSave} title="⌘ S">
            {version === null ? 'Save version 1' : `Save version ${version + 1}`}
          </Button>
        )}
        <Button disabled={!isRunnable || steps.length === 0} onClick={startTest} title="⌘ shift enter">
          <FlaskConical aria-hidden size={13} />
          Test
        </Button>
        <Button
          kind="primary"
          disabled={!isRunnable || run.isPending || run.isSuccess}
          onClick={startRun}
          title="⌘ enter"
        >
          <Play aria-hidden size={13} />
          Run
        </Button>
      </PageHeader>
      <div className="flex min-h-0 flex-1 max-sm:flex-col max-sm:overflow-y-auto">
        <div className="flex min-h-0 min-w-0 flex-1 flex-col max-sm:flex-none">
          {source.draftAt === null ? null : (
            <DraftNote at={source.draftAt} version={version} onDiscard={source.discard} />
          )}
          <div className="min-h-0 flex-1 bg-panel max-sm:h-96 max-sm:flex-none">
            {isPhone ? (
              <CodeView label="Playbook, YAML" language="yaml" text={source.text} />
            ) : (
              <PlaybookEditor
                initialText={source.initialText}
                schema={schema}
                diagnostics={diagnostics}
                onReady={setEditor}
                onChange={source.change}
                onRun={startRun}
                onSave={startSave}
                onTest={startTest}
              />
            )}
          </div>
          {diagnostics.length === 0 ? null : <ProblemList diagnostics={diagnostics} onJump={jump} />}
          {isTrialOpen ? (
            <TrialPanel
              trial={trial}
              steps={steps.includes(trial.step) ? steps : [trial.step, ...steps]}
              isReadable={isRunnable}
              onWrite={isPhone ? null : write}
              onClose={() => {
                setTrialOpen(false)
                editor?.focus()
              }}
            />
          ) : null}
        </div>
        <RunPanel
          path={path}
          version={version}
          isChanged={source.isChanged}
          isReadable={playbook !== null}
          inputs={inputs}
          edited={edited}
          errors={errors}
          problem={run.isError ? problemOf(run.error) : null}
          onEdit={(key, text) => setEdited((before) => withInput(before, key, text))}
        />
      </div>
    </>
  )
}

function withInput(edited: EditedInputs, key: string, text: string | null): EditedInputs {
  const { [key]: _, ...others } = edited
  return text === null ? others : { ...others, [key]: text }
}
