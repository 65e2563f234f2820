package jp.techo.notebook.presentation

import jp.techo.core.ActsAs
import jp.techo.core.FetchStep
import jp.techo.notebook.presentation.screens.FetchPresenter
import jp.techo.notebook.presentation.screens.Fetching
import jp.techo.notebook.presentation.screens.ImportPresenter
import jp.techo.notebook.presentation.screens.Importing
import kotlinx.coroutines.flow.first

// Steps of a story: taking in a file, and fetching.

private suspend fun Scene.picked(step: Step): ImportPresenter {
    val import = at<ImportPresenter>(Screen.Import())
    world.fake.picks.pick(World.fixture(step.needed("file")))
    import.pickFile()
    import.rest()
    return import
}

private fun Importing.lines() =
    when (this) {
        Importing.Picking -> emptyList()
        is Importing.Draft ->
            view.documents.flatMap { document ->
                listOfNotNull(
                    document.name,
                    document.formatName,
                    document.personText,
                    document.differs,
                    document.source,
                    document.daysText,
                ) +
                    document.kinds + document.lines + listOfNotNull(document.question, document.trouble?.what, document.trouble?.todo)
            } + listOfNotNull(view.summary, view.trouble?.what, view.trouble?.todo)
        is Importing.Done -> listOf(done.text) + done.lines + done.refused.flatMap { listOf(it.place, it.reason) } + done.waiting
        is Importing.ArchiveIn -> listOf(done.text)
    }

internal suspend fun Scene.look(step: Step): Seen {
    val import = picked(step)
    val seen = import.seen { it.stage.lines() }
    val draft = (import.state.value.content.stage as? Importing.Draft)?.view
    return Seen(seen.lines, seen.trouble ?: draft?.takeUnless { it.canTake }?.trouble?.kind)
}

internal suspend fun Scene.import(step: Step): Seen {
    val import = picked(step)
    if (step.isOn("confirm_table")) {
        val before = import.state.value.content.stage as Importing.Draft
        check(!before.view.canTake) { "a table can be taken in that nobody has confirmed" }
        import.confirmTable()
        import.rest()
    }
    step.text("document_title")?.let { title ->
        import.asDocument(true)
        import.name(title, step.text("on").orEmpty())
    }
    import.person(checkNotNull(person(step.needed("person"))))
    import.anyway(step.isOn("anyway"))
    import.digitsChecked(step.isOn("digits_checked"))
    val draft = (import.state.value.content.stage as? Importing.Draft)?.view
    if (draft != null) import.file()
    val seen = import.seen { it.stage.lines() }
    return Seen(
        seen.lines,
        seen.trouble ?: draft?.takeUnless { it.canTake }?.trouble?.kind?.takeIf { import.state.value.content.stage is Importing.Draft },
    )
}

internal suspend fun Scene.fetch(step: Step): Seen {
    val town = checkNotNull(town) { "the scenario needs a town" }
    world.place.keepProfile(town.profile)
    val fetch = at<FetchPresenter>(Screen.Fetch())
    fetch.person(checkNotNull(person(step.needed("person"))))
    val items = checkNotNull(step.list("items"))
    items.forEach { fetch.item(it, true) }
    val acts = mapOf(null to ActsAs.ONESELF, "self" to ActsAs.ONESELF, "parent" to ActsAs.PARENT, "proxy" to ActsAs.PROXY)
    fetch.actsAs(acts.getValue(step.text("acts_as")), person(step.text("actor")))
    val citizen = step.needed("citizen")
    fetch.ask()
    fetch.rest()
    val asking = fetch.state.value.content.stage as? Fetching.Asking ?: return fetch.seen { emptyList() }
    val lines = asking.view.lines.toMutableList()
    (step.list("grant") ?: items).forEach { fetch.grant(it, true) }
    (fetch.state.value.content.stage as Fetching.Asking).surplus?.let(lines::add)
    fetch.answer()
    fetch.rest()
    fetch.state.value.content.answered?.let(lines::add)
    var visited = ""
    while (true) {
        val before = fetch.state.value
        val stage = before.content.stage
        if (stage is Fetching.Declined) return Seen(lines + stage.text)
        before.trouble?.let { return Seen(lines + it.lines(), it.id) }
        val state = (stage as? Fetching.Running)?.state
        when (val now = state?.step) {
            is FetchStep.Browse ->
                if (now.url != visited) {
                    visited = now.url
                    lines += listOfNotNull(state.roundText, state.milestoneText, now.text)
                    fetch.browse()
                    world.fake.arrivals.send(town.visit(world.fake.opened.last(), citizen))
                }
            is FetchStep.Confirm -> fetch.decide(true)
            is FetchStep.Done -> {
                val digest = now.digest
                return Seen(lines + digest.sum + digest.changed + digest.cut + digest.refused + listOfNotNull(digest.missing))
            }
            is FetchStep.Ended -> return Seen(lines + listOf(now.what, now.todo), now.kind)
            else -> Unit
        }
        fetch.awaitChange(before)
    }
}

/** Waits for the next state; the exchanges themselves run on other threads. */
private suspend fun FetchPresenter.awaitChange(from: Any) {
    state.first { it !== from }
}
