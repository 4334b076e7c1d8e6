import { Worker, type IQueueBackend, type Job, type JobProgress } from 'bullmq'

/** A worker that knows when its queue last answered it. BullMQ's own says that it runs also when it will never hear of a job again. */
export class ListeningWorker<Backend extends IQueueBackend, Connection> extends Worker<
  unknown,
  void,
  string,
  Backend,
  JobProgress,
  Connection
> {
  private answeredAt = Date.now()
  private ticketAt: number | null = null
  private busy = 0

  /** Milliseconds since the queue last answered; 0 while every slot is taken, when it isn't asked. */
  silentMs(): number {
    return this.busy >= this.concurrency ? 0 : Date.now() - this.answeredAt
  }

  /** Milliseconds since a ticket last came, or null when none ever did. */
  ticketAgeMs(): number | null {
    return this.ticketAt === null ? null : Date.now() - this.ticketAt
  }

  /** Works on a ticket that came. */
  async take(work: () => Promise<void>): Promise<void> {
    this.ticketAt = Date.now()
    this.busy += 1
    try {
      await work()
    } finally {
      this.busy -= 1
    }
  }

  protected override async moveToActive(token: string, name?: string): Promise<Job<unknown, void>> {
    const job = await super.moveToActive(token, name)
    this.answeredAt = Date.now()
    return job
  }
}
