package jp.techo.notebook.app.ui

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.unit.dp
import jp.techo.core.RecordView
import jp.techo.core.Written
import jp.techo.notebook.R
import jp.techo.notebook.presentation.Shown
import jp.techo.notebook.presentation.measured
import jp.techo.notebook.presentation.screens.Decision
import jp.techo.notebook.presentation.screens.Event
import jp.techo.notebook.presentation.screens.Record

/** What can be tapped on one event. */
class EventActs(
    val record: (String) -> Unit,
    val more: () -> Unit,
    val links: () -> Unit,
    val changes: () -> Unit,
    val decide: (Decision) -> Unit,
    val erase: () -> Unit,
    val explain: () -> Unit = {},
)

/** One event with its records. */
@Composable
fun EventScreen(
    shown: Shown<Event>,
    frame: Frame,
    acts: EventActs,
    hides: Boolean,
) = Hiding(hides) { isCovered, turn ->
    val view = shown.content.view
    Page(view?.row?.kindName ?: "", shown, frame, actions = { Eye(hides, isCovered, turn) }) {
        if (view != null) {
            item {
                Column(verticalArrangement = Arrangement.spacedBy(4.dp)) {
                    HiddenValue { Heading(view.row.title) }
                    Note("${view.row.dateText}　${view.row.personName}")
                    view.row.source?.let { Note(stringResource(R.string.source_of, it)) }
                }
            }
            if (shown.content.hasWords) item { Other(stringResource(R.string.explain_title), act = acts.explain) }
            items(view.records.size) { at -> RecordRow(view.records[at], false) { view.records[at].id?.let(acts.record) } }
            if (shown.content.hasMore) item { Other(stringResource(R.string.more), !shown.isBusy, acts.more) }
            if (shown.content.hasLinks) item { Other(stringResource(R.string.links_open), act = acts.links) }
            item {
                Column {
                    Link(stringResource(R.string.changes_title), act = acts.changes)
                    Link(stringResource(R.string.decide_remove)) { acts.decide(Decision.REMOVE) }
                    Link(stringResource(R.string.decide_hide)) { acts.decide(Decision.HIDE) }
                    Link(stringResource(R.string.decide_sensitive)) { acts.decide(Decision.SENSITIVE) }
                    Link(stringResource(R.string.erase_document), act = acts.erase)
                }
            }
        }
    }
}

@Composable
internal fun RecordRow(
    record: RecordView,
    isAlone: Boolean,
    open: (() -> Unit)?,
) = Sheet(open) {
    if (isAlone) Note("${record.dateText}　${record.personName}　${record.kindName}")
    HiddenValue {
        Column {
            Body(record.title)
            measured(record.value, record.unit)?.let { Body(it, strong = true) }
        }
    }
    if (!record.isUnderstood) Tag(stringResource(R.string.not_understood))
    record.standingText?.let { Tag(it) }
}

/** What can be tapped on one record. */
class RecordActs(
    val history: () -> Unit,
    val saveOriginal: () -> Unit,
    val erase: () -> Unit,
    val correct: () -> Unit,
    val changes: () -> Unit,
    val other: () -> Unit,
    val attach: () -> Unit,
    val saveDocument: (String) -> Unit,
    val decide: (Decision) -> Unit,
    val explain: () -> Unit = {},
)

/** One record with its source. */
@Composable
fun RecordScreen(
    shown: Shown<Record>,
    frame: Frame,
    acts: RecordActs,
    hides: Boolean,
) = Hiding(hides) { isCovered, turn ->
    val view = shown.content.view
    Page(view?.kindName ?: "", shown, frame, actions = { Eye(hides, isCovered, turn) }) {
        if (view != null) {
            item { HiddenValue { Heading(view.title) } }
            measured(view.value, view.unit)?.let { value ->
                item { HiddenValue { Text(value, style = MaterialTheme.typography.headlineMedium) } }
            }
            if (!view.isUnderstood) item { Tag(stringResource(R.string.not_understood)) }
            view.standingText?.let { item { Tag(it) } }
            if (view.isHidden) item { Tag(stringResource(R.string.record_hidden_now)) }
            view.sensitiveText?.let { item { Tag(stringResource(R.string.record_sensitive, it)) } }
            item { Labelled(stringResource(R.string.person), view.personName) }
            item { Labelled(stringResource(R.string.day), view.dateText) }
            items(view.details.size) { at -> Labelled(view.details[at].label, view.details[at].text, isHidden = true) }
            view.written?.let { item { Written(it, acts.other) } }
            if (view.attached.isNotEmpty()) item { Heading(stringResource(R.string.record_attached)) }
            items(view.attached.size) { at ->
                val attached = view.attached[at]
                MenuRow(attached.title, R.drawable.ic_file) { attached.document?.let(acts.saveDocument) }
            }
            item { Heading(stringResource(R.string.source)) }
            view.source?.let { item { Labelled(stringResource(R.string.source_who), it) } }
            view.place?.let { item { Labelled(stringResource(R.string.source_place), it) } }
            view.code?.let { item { Labelled(stringResource(R.string.source_code), listOfNotNull(it, view.system).joinToString("　")) } }
            if (shown.content.historyKey != null) item { Main(stringResource(R.string.record_history), act = acts.history) }
            if (shown.content.hasWords) item { Other(stringResource(R.string.explain_title), act = acts.explain) }
            item { Other(stringResource(R.string.record_original), !shown.isBusy, acts.saveOriginal) }
            if (!view.isHidden) item { Other(stringResource(R.string.record_correct), act = acts.correct) }
            item {
                Column {
                    Link(stringResource(R.string.attach_title), act = acts.attach)
                    Link(stringResource(R.string.changes_title), act = acts.changes)
                    Decisions(view, acts.decide)
                    Link(stringResource(R.string.erase_record), act = acts.erase)
                }
            }
        }
    }
}

/** Who wrote or changed it, why, and the way to what it stands in the place of. */
@Composable
private fun Written(
    written: Written,
    other: () -> Unit,
) = Sheet {
    Note(stringResource(R.string.record_written))
    Body(written.text)
    written.reason?.let { HiddenValue { Body(it) } }
    written.otherText?.let { Other(it, act = other) }
}

@Composable
private fun Decisions(
    view: RecordView,
    decide: (Decision) -> Unit,
) = Column {
    if (view.isHidden) {
        Link(stringResource(R.string.decide_show)) { decide(Decision.SHOW) }
    } else {
        Link(stringResource(R.string.decide_remove)) { decide(Decision.REMOVE) }
        Link(stringResource(R.string.decide_hide)) { decide(Decision.HIDE) }
    }
    if (view.isMarkedSensitive) {
        Link(stringResource(R.string.decide_not_sensitive)) { decide(Decision.NOT_SENSITIVE) }
    } else {
        Link(stringResource(R.string.decide_sensitive)) { decide(Decision.SENSITIVE) }
    }
}

@Composable
internal fun Labelled(
    label: String,
    text: String,
    isHidden: Boolean = false,
) = Column {
    Note(label)
    if (isHidden) HiddenValue { Body(text) } else Body(text)
}
