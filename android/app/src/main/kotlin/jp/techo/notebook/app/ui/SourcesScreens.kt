package jp.techo.notebook.app.ui

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.lazy.LazyListScope
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.unit.dp
import jp.techo.core.EventSource
import jp.techo.core.RelatedEvent
import jp.techo.notebook.R
import jp.techo.notebook.presentation.Shown
import jp.techo.notebook.presentation.dateOf
import jp.techo.notebook.presentation.measured
import jp.techo.notebook.presentation.screens.DaysOf
import jp.techo.notebook.presentation.screens.Links
import jp.techo.notebook.presentation.screens.Medicines
import jp.techo.notebook.presentation.screens.OneDay

/** What can be tapped on the sources of an event. */
class LinksActs(
    val event: (String) -> Unit,
    val reason: (String) -> Unit,
    val askPart: (String?) -> Unit,
    val part: () -> Unit,
    val join: (String) -> Unit,
)

/** The same event from several sources: who tells it, why they are one, what differs. */
@Composable
fun LinksScreen(
    shown: Shown<Links>,
    frame: Frame,
    acts: LinksActs,
    hides: Boolean,
) = Hiding(hides) { isCovered, turn ->
    val state = shown.content
    val same = state.same
    Page(stringResource(R.string.links_title), shown, frame, actions = { Eye(hides, isCovered, turn) }) {
        if (same == null) return@Page
        if (state.isParted) item { Attention { Text(stringResource(R.string.links_parted)) } }
        item { Note(stringResource(if (state.isLinked) R.string.links_note else R.string.links_none)) }
        items(same.sources.size, { same.sources[it].event }) { at -> SourceSheet(same.sources[at], state, acts) }
        related(R.string.links_questions, same.questions, acts, acts.join)
        related(R.string.links_stories, same.stories, acts, null)
    }
}

@Composable
private fun SourceSheet(
    source: EventSource,
    state: Links,
    acts: LinksActs,
) = Sheet({ acts.event(source.event) }) {
    Note(listOfNotNull(source.date, source.place).joinToString("　"))
    HiddenValue { Body(source.title, strong = true) }
    Note(source.formatName)
    if (source.leads) Tag(stringResource(R.string.links_leads))
    Note(source.standing)
    source.why?.let { Body(it) }
    if (source.differences.isNotEmpty()) {
        Note(stringResource(R.string.links_differ))
        val nothing = stringResource(R.string.links_nothing)
        source.differences.forEach { one ->
            HiddenValue {
                Column(verticalArrangement = Arrangement.spacedBy(4.dp)) {
                    Note(one.item)
                    Body(stringResource(R.string.links_both, one.lead ?: nothing, one.other ?: nothing))
                }
            }
        }
    }
    if (!source.leads && state.parting != source.event) Other(stringResource(R.string.links_part)) { acts.askPart(source.event) }
    if (state.parting == source.event) {
        Body(stringResource(R.string.links_part_text))
        Field(state.reason, R.string.pen_reason, type = acts.reason)
        Main(stringResource(R.string.links_part_yes), act = acts.part)
        Link(stringResource(R.string.leave_it)) { acts.askPart(null) }
    }
}

private fun LazyListScope.related(
    heading: Int,
    events: List<RelatedEvent>,
    acts: LinksActs,
    join: ((String) -> Unit)?,
) {
    if (events.isEmpty()) return
    item { Heading(stringResource(heading)) }
    items(events.size) { at ->
        val event = events[at]
        Sheet({ acts.event(event.event) }) {
            Note(listOfNotNull(event.dateText, event.place).joinToString("　"))
            HiddenValue { Body(event.title, strong = true) }
            Body(event.why)
            if (join != null) Other(stringResource(R.string.links_join)) { join(event.event) }
        }
    }
}

/** The days of what was measured at home. */
@Composable
fun DaysScreen(
    shown: Shown<DaysOf>,
    frame: Frame,
    day: (String) -> Unit,
    more: () -> Unit,
    hides: Boolean,
) = Hiding(hides) { isCovered, turn ->
    val state = shown.content
    Page(state.name, shown, frame, actions = { Eye(hides, isCovered, turn) }) {
        if (state.isRead && state.days.isEmpty()) item { Body(stringResource(R.string.days_none)) }
        items(state.days.size, { state.days[it].id }) { at ->
            val line = state.days[at]
            Sheet({ day(line.id) }) {
                Note(line.date)
                HiddenValue { Body(measured(line.value, line.unit).orEmpty(), strong = true) }
                line.text?.let { Note(it) }
            }
        }
        if (state.next != null) item { Other(stringResource(R.string.more), !shown.isBusy, more) }
    }
}

/** One day with its samples. */
@Composable
fun DayScreen(
    shown: Shown<OneDay>,
    frame: Frame,
    more: () -> Unit,
    hides: Boolean,
) = Hiding(hides) { isCovered, turn ->
    val view = shown.content.view
    Page(view?.name.orEmpty(), shown, frame, actions = { Eye(hides, isCovered, turn) }) {
        if (view == null) return@Page
        item { Heading(view.day.date) }
        item { HiddenValue { Body(measured(view.day.value, view.day.unit).orEmpty(), strong = true) } }
        view.day.text?.let { item { Note(it) } }
        item { Heading(stringResource(R.string.day_samples, view.count.toInt())) }
        items(view.samples.size) { at ->
            val sample = view.samples[at]
            Sheet {
                sample.time?.let { Note(it) }
                HiddenValue { Body(measured(sample.value, view.day.unit).orEmpty(), strong = true) }
                sample.written?.let { Note(stringResource(R.string.day_written, it)) }
                if (sample.source.isNotEmpty()) Note(sample.source)
            }
        }
        if (shown.content.hasMore) item { Other(stringResource(R.string.more), !shown.isBusy, more) }
    }
}

/** What can be tapped on the medicines of a day. */
class MedicinesActs(
    val on: (String) -> Unit,
    val withHidden: (Boolean) -> Unit,
    val record: (String) -> Unit,
)

/** What is taken on a day, what to ask a pharmacist, what is left over. */
@Composable
fun MedicinesScreen(
    shown: Shown<Medicines>,
    frame: Frame,
    acts: MedicinesActs,
    hides: Boolean,
) = Hiding(hides) { isCovered, turn ->
    val state = shown.content
    val view = state.view
    Page(stringResource(R.string.medicines_title), shown, frame, actions = { Eye(hides, isCovered, turn) }) {
        item { Field(state.on, R.string.medicines_on, isWrong = dateOf(state.on) == null, type = acts.on) }
        if (view == null) return@Page
        items(view.questions.size) { at -> Attention { HiddenValue { Text(view.questions[at]) } } }
        if (view.rows.isEmpty()) item { Body(stringResource(R.string.medicines_none)) }
        items(view.rows.size, { view.rows[it].record }) { at ->
            val row = view.rows[at]
            Sheet({ acts.record(row.record) }) {
                Note(row.courseText)
                HiddenValue {
                    Column(verticalArrangement = Arrangement.spacedBy(4.dp)) {
                        Body(row.title, strong = true)
                        listOfNotNull(row.dose, row.usage).takeIf { it.isNotEmpty() }?.let { Body(it.joinToString("　")) }
                    }
                }
                row.until?.let { Note(stringResource(R.string.medicines_until, it)) }
                row.places.forEach { Note(it) }
                if (row.hidden) Tag(stringResource(R.string.record_hidden))
            }
        }
        if (view.leftOver.isNotEmpty()) item { Heading(stringResource(R.string.medicines_left)) }
        items(view.leftOver.size) { at -> Labelled(view.leftOver[at].dateText, view.leftOver[at].text, isHidden = true) }
        if (view.hidden > 0u) {
            item { Tick(stringResource(R.string.medicines_hidden, view.hidden.toInt()), state.withHidden, set = acts.withHidden) }
        }
        item { Note(view.note) }
    }
}
