/** The claim was lost while its action ran: nothing of it may stay. */
export class ClaimLost extends Error {
  constructor() {
    super('the claim was lost')
    this.name = 'ClaimLost'
  }
}
