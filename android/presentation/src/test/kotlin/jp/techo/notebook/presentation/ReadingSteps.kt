package jp.techo.notebook.presentation

import jp.techo.core.ChartView
import jp.techo.core.RecordView
import jp.techo.core.Sex
import jp.techo.notebook.presentation.screens.EventPresenter
import jp.techo.notebook.presentation.screens.HistoryPresenter
import jp.techo.notebook.presentation.screens.NewPersonPresenter
import jp.techo.notebook.presentation.screens.PeoplePresenter
import jp.techo.notebook.presentation.screens.PersonForm
import jp.techo.notebook.presentation.screens.RecordPresenter
import jp.techo.notebook.presentation.screens.SearchPresenter
import jp.techo.notebook.presentation.screens.TimelinePresenter

// Steps of a story: people, the timeline, records, history and search.

internal suspend fun Scene.people() =
    at<PeoplePresenter>(Screen.People).let {
        world.desk.inside.reset()
        world.at<PeoplePresenter>()
    }
        .seen { state -> state.people.flatMap { listOf(it.name, it.bornText, it.sexText) } }

internal suspend fun Scene.addPerson(step: Step): Seen {
    val form = at<NewPersonPresenter>(Screen.NewPerson)
    val sex = if (step.needed("sex") == "female") Sex.FEMALE else Sex.MALE
    form.fill(PersonForm(step.needed("name"), step.text("kana").orEmpty(), step.needed("born"), sex))
    form.add()
    form.rest()
    val trouble = form.state.value.trouble
    return Seen(trouble?.lines().orEmpty(), trouble?.id)
}

internal suspend fun Scene.timeline(
    person: String?,
    kind: String?,
): Seen {
    val timeline = at<TimelinePresenter>(Screen.Timeline(person(person)))
    if (kind != null) timeline.kind(kind)
    return timeline.seen { state ->
        rows = state.rows
        records = emptyList()
        state.rows.flatMap { listOfNotNull(it.dateText, it.kindName, it.title, it.source, it.personName) }
    }
}

private fun RecordView.lines() =
    listOfNotNull(dateText, kindName, title, value, unit, source, place, personName, standingText, sensitiveText) +
        listOfNotNull(written?.text, written?.reason, written?.otherText) + attached.map { it.title } +
        details.flatMap { listOf(it.label, it.text) }

internal suspend fun Scene.open(
    title: String,
    nth: Int,
): Seen {
    val row = rows.filter { it.title == title }.getOrNull(nth - 1)
    if (row != null && records.isEmpty()) {
        return at<EventPresenter>(Screen.Event(row.id)).seen { state ->
            val view = checkNotNull(state.view)
            records = view.records
            listOf(view.row.title, view.row.dateText, view.row.kindName) + view.records.flatMap { it.lines() }
        }
    }
    val record = checkNotNull(records.filter { it.title == title }.getOrNull(nth - 1)) { "「$title」 is not in the list" }
    return at<RecordPresenter>(Screen.Record(checkNotNull(record.id))).seen { state -> checkNotNull(state.view).lines() }
}

private fun ChartView.all() =
    listOf(title, summary) +
        lines.flatMap { line -> listOf(line.name) + line.points.flatMap { listOf(it.dateText, it.value, it.text) } } +
        notes +
        listOfNotNull(band?.text) + rows.flatMap { listOf(it.dateText, it.value, it.line) }

internal suspend fun Scene.history(step: Step): Seen {
    val history = at<HistoryPresenter>(Screen.History(checkNotNull(person(step.needed("person")))))
    history.ask(step.needed("asked"))
    return history.seen { state -> state.charts.flatMap { it.all() } }
}

internal suspend fun Scene.search(step: Step): Seen {
    val search = at<SearchPresenter>(Screen.Search(person(step.text("person"))))
    search.type(step.needed("words"))
    search.search()
    return search.seen { state ->
        records = state.found
        rows = emptyList()
        state.found.flatMap { it.lines() }
    }
}
