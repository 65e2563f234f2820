package jp.techo.notebook.presentation

import jp.techo.core.GrowthChart
import jp.techo.notebook.presentation.screens.DuePresenter
import jp.techo.notebook.presentation.screens.ExplainPresenter
import jp.techo.notebook.presentation.screens.ForgetsPresenter
import jp.techo.notebook.presentation.screens.GrowthPresenter
import jp.techo.notebook.presentation.screens.GrowthReference
import jp.techo.notebook.presentation.screens.PeoplePresenter
import jp.techo.notebook.presentation.screens.PlanPresenter

// Steps of a story: the family board, the vaccination plan, what is due, growth, a checkup in plain words, what the State forgets.

/** The day of a step is the day on which the person looks. */
private fun Scene.on(step: Step) {
    world.today = step.needed("on")
}

internal suspend fun Scene.board(step: Step): Seen {
    on(step)
    world.desk.changed()
    world.desk.inside.reset()
    return world.at<PeoplePresenter>().seen { state ->
        state.board.flatMap { listOfNotNull(it.name, it.ageText, it.lastCheckup, it.next, it.changed, it.growth) }
    }
}

internal suspend fun Scene.vaccines(step: Step): Seen {
    on(step)
    val plan = at<PlanPresenter>(Screen.Plan(checkNotNull(person(step.needed("person")))))
    while (plan.state.value.content.next != null) plan.more().also { plan.rest() }
    return plan.seen { state ->
        state.doses.flatMap { listOf(it.vaccineName, it.doseText, it.statusText, it.daysText, it.rule, it.source) + it.why } +
            listOfNotNull(state.noPlan, state.note)
    }
}

internal suspend fun Scene.due(step: Step): Seen {
    on(step)
    val due = at<DuePresenter>(Screen.Due(checkNotNull(person(step.needed("person")))))
    while (due.state.value.content.next != null) due.more().also { due.rest() }
    return due.seen { state ->
        state.items.flatMap { listOfNotNull(it.date, it.until, it.title, it.statusText, it.source) } + listOfNotNull(state.note)
    }
}

internal suspend fun Scene.growth(step: Step): Seen {
    val growth = at<GrowthPresenter>(Screen.Growth(checkNotNull(person(step.needed("person")))))
    step.text("reference")?.let { wanted ->
        growth.reference(GrowthReference.entries.first { it.id == wanted })
        growth.rest()
    }
    if (step.isOn("uncorrected")) growth.corrected(false)
    return growth.seen { state -> state.charts.flatMap { it.lines() } + state.notes }
}

private fun GrowthChart.lines() =
    listOf(chart.title, edition, along, chart.summary) + curves.map { it.name } + chart.notes +
        rows.flatMap { listOfNotNull(it.date, it.ageText, it.value, it.unit, it.placeText, it.obesityText) }

internal suspend fun Scene.explain(step: Step): Seen {
    val explain = at<ExplainPresenter>(Screen.Explain(row(step) ?: record(step)))
    while (explain.state.value.content.hasMore) explain.more().also { explain.rest() }
    return explain.seen { state ->
        val view = checkNotNull(state.view)
        listOfNotNull(view.title, view.date) + view.notes +
            view.items.flatMap { listOfNotNull(it.title, it.value, it.what, it.band, it.range, it.change) }
    }
}

internal suspend fun Scene.forgets(step: Step): Seen {
    on(step)
    val forgets = at<ForgetsPresenter>(Screen.Forgets(person(step.text("person"))))
    while (forgets.state.value.content.hasMore) forgets.more().also { forgets.rest() }
    return forgets.seen { state ->
        state.rows.flatMap { listOfNotNull(it.title, it.date, it.leavesOn, it.daysText) } + state.notes
    }
}
