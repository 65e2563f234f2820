package jp.techo.notebook.presentation

import jp.techo.core.CardState
import jp.techo.core.ClinicScreen
import jp.techo.core.CodesForm
import jp.techo.core.Language
import jp.techo.notebook.presentation.screens.CardPresenter
import jp.techo.notebook.presentation.screens.ClinicPresenter
import jp.techo.notebook.presentation.screens.CodesPresenter
import jp.techo.notebook.presentation.screens.ReportPresenter
import jp.techo.notebook.presentation.screens.ToShow

// Steps of a story: what somebody else is shown or handed.

internal suspend fun Scene.clinic(step: Step): Seen {
    val clinic = at<ClinicPresenter>(Screen.Clinic(checkNotNull(person(step.needed("person")))))
    clinic.fill(toShow(step))
    clinic.begin()
    val seen = clinic.seen { it.screen?.lines().orEmpty() }
    if (seen.trouble != null) return seen
    check(world.desk.wait() != null && seen.lines.isNotEmpty()) { "nothing is shown" }
    clinic.end()
    // The rest was locked behind the person; the story goes on with them.
    check(world.desk.open.value == null) { "the notebook is open after the showing" }
    unlock(passphrase)
    return seen
}

internal suspend fun Scene.report(step: Step): Seen {
    val report = at<ReportPresenter>(Screen.Report(checkNotNull(person(step.needed("person")))))
    report.fill(toShow(step))
    report.save()
    return report.seen { listOfNotNull(it.done) }
}

internal suspend fun Scene.writeCard(step: Step): Seen {
    val card = at<CardPresenter>(Screen.Card(checkNotNull(person(step.needed("person")))))
    card.edit()
    step.fields().forEach { (field, text) ->
        card.fromRecords(field, text == RECORDS)
        if (text != RECORDS) card.type(field, text)
    }
    check(card.state.value.content.isReady) { "the card is not ready" }
    card.write()
    return card.seen { state -> state.troubles.map { it.text } + state.sheet?.rows.orEmpty().flatMap { it.lines } }
}

internal suspend fun Scene.card(step: Step): Seen =
    at<CardPresenter>(Screen.Card(checkNotNull(person(step.needed("person"))))).seen { state ->
        state.sheet?.let { sheet ->
            listOfNotNull(sheet.name, sheet.kana, sheet.born, sheet.sex) + sheet.rows.flatMap { listOf(it.label) + it.lines } +
                sheet.madeOn + sheet.notes
        }.orEmpty()
    }

internal suspend fun Scene.setCard(step: Step): Seen {
    val card = at<CardPresenter>(Screen.Card(checkNotNull(person(step.needed("person")))))
    val wanted = CardState.valueOf(step.needed("state").uppercase())
    card.set(wanted)
    val seen = card.seen { emptyList() }
    if (seen.trouble == null) check(card.state.value.content.state == wanted) { "the card is ${card.state.value.content.state}" }
    return seen
}

internal suspend fun Scene.codes(step: Step): Seen {
    val codes = at<CodesPresenter>(Screen.Codes(checkNotNull(person(step.needed("person")))))
    codes.form(CodesForm.valueOf(step.needed("as").uppercase()))
    codes.make()
    val seen =
        codes.seen { state ->
            state.made?.let { made -> listOf(made.title, made.text, made.note, made.warning) + made.leftOut }.orEmpty()
        }
    if (seen.trouble != null) return seen
    codes.begin()
    val shown = checkNotNull(codes.state.value.content.shown) { "no code is shown" }
    check(shown.view.codes.all { it.side.toInt() * it.side.toInt() == it.squares.size }) { "a code is no square" }
    codes.end()
    return seen
}

private fun Scene.toShow(step: Step): ToShow {
    val language =
        when (step.text("doctor")) {
            "ja" -> Language.JAPANESE
            "en" -> Language.ENGLISH
            else -> world.language
        }
    return ToShow(
        step.text("occasion"),
        step.list("items").orEmpty().toSet(),
        sensitive = step.isOn("sensitive"),
        language = language,
        on = step.needed("on"),
    )
}

private fun ClinicScreen.lines(): List<String> =
    listOfNotNull(name, kana, born, sex, title) +
        sections.flatMap { part ->
            listOf(part.title) + part.rows.flatMap { listOfNotNull(it.title, it.value, it.date, it.source) } + part.notes
        } + listOfNotNull(fetched, leftOut, note)

private const val RECORDS = "@records"
