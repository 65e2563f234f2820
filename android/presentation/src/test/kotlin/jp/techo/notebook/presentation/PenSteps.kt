package jp.techo.notebook.presentation

import jp.techo.core.ChangeRow
import jp.techo.core.FieldTrouble
import jp.techo.notebook.presentation.screens.AttachPresenter
import jp.techo.notebook.presentation.screens.ChangesPresenter
import jp.techo.notebook.presentation.screens.CorrectPresenter
import jp.techo.notebook.presentation.screens.DayPresenter
import jp.techo.notebook.presentation.screens.DecidePresenter
import jp.techo.notebook.presentation.screens.Decision
import jp.techo.notebook.presentation.screens.HistoryPresenter
import jp.techo.notebook.presentation.screens.LinksPresenter
import jp.techo.notebook.presentation.screens.MedicinesPresenter
import jp.techo.notebook.presentation.screens.Pen
import jp.techo.notebook.presentation.screens.Relation
import jp.techo.notebook.presentation.screens.WritePresenter

// Steps of a story: what is written and decided by hand, and what is looked at beside the lists.

private fun ChangeRow.lines() = listOfNotNull(text, authorText, at, reason, standingText)

private fun Step.pen() =
    Pen(
        Relation.entries.first { it.id == (text("relation") ?: "self") },
        text("author").orEmpty(),
        text("reason").orEmpty(),
    )

/** What was written; or what has to be asked, and that nobody said yes. */
private fun written(
    seen: Seen,
    troubles: List<FieldTrouble>,
    done: ChangeRow?,
): Seen {
    val open = if (done == null && troubles.isNotEmpty() && troubles.all { it.isQuestion }) "declined" else null
    return Seen(seen.lines + done?.lines().orEmpty() + troubles.map { it.text }, seen.trouble ?: open)
}

internal suspend fun Scene.addEntry(step: Step): Seen {
    val write = at<WritePresenter>(Screen.Write(checkNotNull(person(step.needed("person")))))
    write.kind(step.needed("kind"))
    write.rest()
    step.fields().forEach { (field, text) -> write.type(field, text) }
    write.pen(step.pen())
    check(write.state.value.content.isReady) { "the form is not ready" }
    write.write()
    write.rest()
    if (step.isOn("confirmed")) {
        write.state.value.content.troubles.forEach { write.answer(it, true) }
        write.write()
    }
    val seen = write.seen { emptyList() }
    return write.state.value.content.let { written(seen, it.troubles, it.done) }
}

internal suspend fun Scene.edit(step: Step): Seen {
    val correct = at<CorrectPresenter>(Screen.Correct(record(step)))
    step.fields().forEach { (field, text) -> correct.type(field, text) }
    correct.pen(step.pen())
    check(correct.state.value.content.isReady) { "the form is not ready" }
    correct.write()
    val seen = correct.seen { emptyList() }
    return correct.state.value.content.let { written(seen, it.troubles, it.done) }
}

internal suspend fun Scene.decide(
    decision: Decision,
    step: Step,
): Seen {
    val row = row(step)
    val id = row ?: record(step)
    return decide(Screen.Decide(decision, id, isEvent = row != null), step)
}

private suspend fun Scene.decide(
    screen: Screen.Decide,
    step: Step,
): Seen {
    val decide = at<DecidePresenter>(screen)
    decide.pen(step.pen())
    decide.decide()
    val seen = decide.seen { emptyList() }
    return decide.state.value.content.let { written(seen, it.troubles, it.done) }
}

internal suspend fun Scene.undo(step: Step): Seen {
    val changes = at<ChangesPresenter>(Screen.Changes(checkNotNull(person(step.needed("person")))))
    val last = checkNotNull(changes.state.value.content.rows.find { it.counts && it.kind != "undo" }) { "nothing to undo" }
    changes.undo(last)
    val decide = world.at<DecidePresenter>()
    decide.decide()
    val seen = decide.seen { emptyList() }
    return decide.state.value.content.let { written(seen, it.troubles, it.done) }
}

internal suspend fun Scene.changes(step: Step) =
    at<ChangesPresenter>(Screen.Changes(checkNotNull(person(step.needed("person"))))).seen { state -> state.rows.flatMap { it.lines() } }

internal suspend fun Scene.links(step: Step) = told(at<LinksPresenter>(Screen.Links(checkNotNull(row(step)))))

internal suspend fun Scene.unlink(step: Step): Seen {
    val event = checkNotNull(row(step))
    val links = at<LinksPresenter>(Screen.Links(event))
    links.reason(step.text("reason").orEmpty())
    links.askPart(event)
    links.part()
    links.rest()
    check(links.state.value.trouble != null || links.state.value.content.isParted) { "it was not kept apart" }
    return told(links)
}

private suspend fun Scene.told(links: LinksPresenter) =
    links.seen { state ->
        val same = checkNotNull(state.same)
        same.sources.flatMap { source ->
            listOfNotNull(source.title, source.place, source.date, source.formatName, source.standing, source.why, source.rule) +
                source.differences.flatMap { listOfNotNull(it.item, it.lead, it.other) }
        } + (same.questions + same.stories).flatMap { listOfNotNull(it.title, it.dateText, it.place, it.why) }
    }

internal suspend fun Scene.openDay(step: Step): Seen {
    val history = at<HistoryPresenter>(Screen.History(checkNotNull(person(step.needed("person")))))
    history.ask(step.needed("asked"))
    history.rest()
    val rows = history.state.value.content.charts.flatMap { it.rows }
    val wanted = step.needed("date")
    history.record(checkNotNull(rows.find { it.dateText == wanted && it.isDay }) { "no such day in ${rows.map { it.dateText }}" }.record)
    return world.at<DayPresenter>().seen { state ->
        val view = checkNotNull(state.view)
        listOfNotNull(view.name, view.day.date, view.day.value, view.day.unit, view.day.text) +
            view.samples.flatMap { listOfNotNull(it.time, it.value, it.written, it.source) }
    }
}

internal suspend fun Scene.medicines(step: Step): Seen {
    val medicines = at<MedicinesPresenter>(Screen.Medicines(checkNotNull(person(step.needed("person")))))
    medicines.on(step.needed("on"))
    medicines.rest()
    medicines.withHidden(step.isOn("hidden"))
    return medicines.seen { state ->
        val view = checkNotNull(state.view)
        view.rows.flatMap { listOfNotNull(it.courseText, it.title, it.dose, it.usage, it.from, it.until) + it.places } +
            view.questions + view.leftOver.flatMap { listOf(it.dateText, it.text) } + view.note
    }
}

internal suspend fun Scene.attach(step: Step): Seen {
    val attach = at<AttachPresenter>(Screen.Attach(record(step)))
    world.fake.picks.pick(World.fixture(step.needed("file")))
    attach.pickFile()
    attach.rest()
    attach.name(step.needed("document_title"), "")
    attach.attach()
    val seen = attach.seen { emptyList() }
    return Seen(seen.lines + attach.state.value.content.done?.lines().orEmpty(), seen.trouble)
}

private fun Step.nth() = (number("nth") ?: 1) - 1

/** The event of this title, where the list seen last is one of events. */
internal fun Scene.row(step: Step): String? {
    val (title, nth) = step.needed("title") to step.nth()
    return if (records.isEmpty()) rows.filter { it.title == title }.getOrNull(nth)?.id else null
}

internal fun Scene.record(step: Step): String {
    val (title, nth) = step.needed("title") to step.nth()
    return checkNotNull(records.filter { it.title == title }.getOrNull(nth)?.id) { "「$title」 is not in the list" }
}
