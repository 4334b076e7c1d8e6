const noAmbientDate = {
  create(context) {
    return {
      NewExpression(node) {
        if (node.callee.name === 'Date' && node.arguments.length === 0) {
          context.report({ node, message: 'domain/ is pure: pass `now` in.' })
        }
      },
    }
  },
}

/** The one purity rule that oxlint has no setting for. */
export default { meta: { name: 'pageturner' }, rules: { 'no-ambient-date': noAmbientDate } }
