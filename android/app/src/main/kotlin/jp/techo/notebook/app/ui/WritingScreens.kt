package jp.techo.notebook.app.ui

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ExperimentalLayoutApi
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.lazy.LazyListScope
import androidx.compose.foundation.selection.selectableGroup
import androidx.compose.foundation.text.KeyboardOptions
import androidx.compose.material3.OutlinedTextField
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.text.input.KeyboardType
import androidx.compose.ui.unit.dp
import jp.techo.core.ChangeRow
import jp.techo.core.FieldTrouble
import jp.techo.core.FormField
import jp.techo.notebook.R
import jp.techo.notebook.presentation.Shown
import jp.techo.notebook.presentation.screens.Attach
import jp.techo.notebook.presentation.screens.Changes
import jp.techo.notebook.presentation.screens.Deciding
import jp.techo.notebook.presentation.screens.Decision
import jp.techo.notebook.presentation.screens.Pen
import jp.techo.notebook.presentation.screens.Relation
import jp.techo.notebook.presentation.screens.Writing

/** What can be tapped on a form. */
class WritingActs(
    val kind: (String) -> Unit,
    val type: (String, String) -> Unit,
    val pen: (Pen) -> Unit,
    val answer: (FieldTrouble, Boolean) -> Unit,
    val write: () -> Unit,
    val see: () -> Unit,
    /** One more; null where there is nothing more to write. */
    val again: (() -> Unit)?,
)

/** A form that somebody fills in by hand: a new record, or one that is put right. */
@Composable
fun WritingScreen(
    shown: Shown<Writing>,
    frame: Frame,
    acts: WritingActs,
    corrects: Boolean,
) {
    val state = shown.content
    Page(
        stringResource(if (corrects) R.string.correct_title else R.string.write_title),
        shown,
        frame,
        bottom = {
            val words = if (corrects) R.string.correct_go else R.string.write_go
            if (state.done == null && state.fields.isNotEmpty()) Main(stringResource(words), state.isReady && !shown.isBusy, acts.write)
        },
    ) {
        state.done?.let { done ->
            written(done)
            if (done.records.isNotEmpty()) item { Main(stringResource(R.string.write_see), act = acts.see) }
            acts.again?.let { item { Other(stringResource(R.string.write_again), act = it) } }
            return@Page
        }
        state.title?.let { item { HiddenValue { Body(it, strong = true) } } }
        if (corrects) item { Note(stringResource(R.string.correct_note)) }
        if (state.kinds.isNotEmpty()) {
            item { Heading(stringResource(R.string.write_kind)) }
            item { Kinds(state, acts.kind) }
        }
        if (state.fields.isEmpty()) return@Page
        if (!corrects) item { Heading(stringResource(R.string.write_what)) }
        items(state.fields.size, { state.fields[it].id }) { at ->
            val field = state.fields[at]
            val trouble = state.troubles.find { it.field == field.id && !it.isQuestion }
            FormLine(field, state.values[field.id].orEmpty(), trouble?.text) { acts.type(field.id, it) }
        }
        questions(state.troubles, state.fields.map { it.id }.toSet(), state.pen, acts.answer)
        pen(state.pen, corrects, acts.pen)
    }
}

@OptIn(ExperimentalLayoutApi::class)
@Composable
private fun Kinds(
    state: Writing,
    pick: (String) -> Unit,
) = FlowRow(horizontalArrangement = Arrangement.spacedBy(8.dp), verticalArrangement = Arrangement.spacedBy(8.dp)) {
    state.kinds.forEach { kind -> Choice(kind.name, state.kind == kind.id) { pick(kind.id) } }
}

/** One thing that is asked for: an answer to choose, or a line to write in. What has too many answers is written in words. */
@OptIn(ExperimentalLayoutApi::class)
@Composable
private fun FormLine(
    field: FormField,
    value: String,
    trouble: String?,
    type: (String) -> Unit,
) {
    val label = listOfNotNull(field.label, field.unit?.let { "($it)" }).joinToString(" ")
    val name = if (field.isRequired) stringResource(R.string.write_needed, label) else label
    if (field.choices.size in 1..FEW) {
        Column(verticalArrangement = Arrangement.spacedBy(4.dp)) {
            Note(name)
            FlowRow(horizontalArrangement = Arrangement.spacedBy(8.dp), verticalArrangement = Arrangement.spacedBy(8.dp)) {
                field.choices.forEach { choice ->
                    Choice(choice.label, value == choice.id) { type(if (value == choice.id) "" else choice.id) }
                }
            }
            trouble?.let { Tag(it) }
        }
        return
    }
    val found = if (field.choices.isEmpty()) emptyList() else field.choices.filter { it.label.contains(value, ignoreCase = true) }
    val chosen = field.choices.find { it.id == value }
    Column(verticalArrangement = Arrangement.spacedBy(4.dp)) {
        val isDate = field.shape == "date" || field.shape == "any_date"
        val note = trouble ?: if (isDate) stringResource(R.string.person_born_note) else null
        OutlinedTextField(
            chosen?.label ?: value,
            type,
            Modifier.fillMaxWidth(),
            label = { Text(name) },
            supportingText = note?.let { { Text(it) } },
            isError = trouble != null,
            singleLine = field.shape != "long",
            keyboardOptions = KeyboardOptions(keyboardType = if (field.shape == "number") KeyboardType.Decimal else KeyboardType.Text),
        )
        if (chosen == null && value.isNotBlank() && found.isNotEmpty()) {
            FlowRow(horizontalArrangement = Arrangement.spacedBy(8.dp), verticalArrangement = Arrangement.spacedBy(8.dp)) {
                found.take(FEW).forEach { choice -> Choice(choice.label, false) { type(choice.id) } }
            }
        }
    }
}

/** What has to be asked, and what is wrong in no field of its own. */
internal fun LazyListScope.questions(
    troubles: List<FieldTrouble>,
    fields: Set<String>,
    pen: Pen,
    answer: (FieldTrouble, Boolean) -> Unit,
) {
    val (asked, wrong) = troubles.partition { it.isQuestion }
    val lost = wrong.filter { it.field !in fields }
    items(lost.size) { Attention { Text(lost[it].text) } }
    items(asked.size) { at ->
        Attention {
            Text(asked[at].text)
            Tick(stringResource(R.string.write_yes), pen.isAnswered(asked[at])) { answer(asked[at], it) }
        }
    }
}

/** Who writes, and why. */
internal fun LazyListScope.pen(
    pen: Pen,
    asksReason: Boolean,
    set: (Pen) -> Unit,
) {
    item { Heading(stringResource(R.string.pen_who)) }
    item {
        Column(Modifier.selectableGroup()) {
            Relation.entries.forEach { relation ->
                OneOf(stringResource(relation.id()), pen.relation == relation) { set(pen.copy(relation = relation)) }
            }
        }
    }
    if (pen.relation != Relation.ONESELF) item { Field(pen.author, R.string.pen_name) { set(pen.copy(author = it)) } }
    val note = if (asksReason) R.string.pen_reason_note else R.string.pen_reason_free
    item { Field(pen.reason, R.string.pen_reason, stringResource(note)) { set(pen.copy(reason = it)) } }
}

private fun Relation.id() =
    when (this) {
        Relation.ONESELF -> R.string.pen_self
        Relation.PARENT -> R.string.pen_parent
        Relation.PROXY -> R.string.pen_proxy
        Relation.OTHER -> R.string.pen_other
    }

/** What was just written, as the list of changes tells it. */
internal fun LazyListScope.written(done: ChangeRow) {
    item {
        Attention {
            Text(stringResource(R.string.write_done))
        }
    }
    item { HiddenValue { Body(done.text, strong = true) } }
    item { Note(done.authorText) }
    done.reason?.let { item { Note(it) } }
}

/** What can be tapped on a decision. */
class DecideActs(
    val pen: (Pen) -> Unit,
    val answer: (FieldTrouble, Boolean) -> Unit,
    val decide: () -> Unit,
)

/** A decision about a record, an event or a change: what it does, why, and yes. */
@Composable
fun DecideScreen(
    shown: Shown<Deciding>,
    frame: Frame,
    acts: DecideActs,
) {
    val state = shown.content
    val (title, note) = state.decision.words()
    Page(
        stringResource(title),
        shown,
        frame,
        bottom = { if (state.done == null) Main(stringResource(title), state.isReady && !shown.isBusy, acts.decide) },
    ) {
        val done = state.done
        if (done != null) {
            written(done)
        } else {
            item { HiddenValue { Body(state.title, strong = true) } }
            item { Body(stringResource(note)) }
            questions(state.troubles, emptySet(), state.pen, acts.answer)
            pen(state.pen, true, acts.pen)
        }
    }
}

private fun Decision.words() =
    when (this) {
        Decision.REMOVE -> R.string.decide_remove to R.string.decide_remove_note
        Decision.HIDE -> R.string.decide_hide to R.string.decide_hide_note
        Decision.SHOW -> R.string.decide_show to R.string.decide_show_note
        Decision.SENSITIVE -> R.string.decide_sensitive to R.string.decide_sensitive_note
        Decision.NOT_SENSITIVE -> R.string.decide_not_sensitive to R.string.decide_not_sensitive_note
        Decision.UNDO -> R.string.decide_undo to R.string.decide_undo_note
    }

/** What was written and changed by hand. */
@Composable
fun ChangesScreen(
    shown: Shown<Changes>,
    frame: Frame,
    open: (ChangeRow) -> Unit,
    undo: (ChangeRow) -> Unit,
    more: () -> Unit,
    hides: Boolean,
) = Hiding(hides) { isCovered, turn ->
    val state = shown.content
    Page(stringResource(R.string.changes_title), shown, frame, actions = { Eye(hides, isCovered, turn) }) {
        item { Note(stringResource(R.string.changes_note)) }
        if (state.isRead && state.rows.isEmpty()) item { Body(stringResource(R.string.changes_none)) }
        items(state.rows.size, { state.rows[it].entry }) { at ->
            val row = state.rows[at]
            Sheet(if (row.record != null || row.event != null || row.records.isNotEmpty()) ({ open(row) }) else null) {
                Note("${row.at.take(DAY)}　${row.authorText}")
                HiddenValue { Body(row.text, strong = true) }
                row.reason?.let { HiddenValue { Body(it) } }
                row.standingText?.let { Tag(it) }
                if (row.counts) Link(stringResource(R.string.decide_undo)) { undo(row) }
            }
        }
        if (state.next != null) item { Other(stringResource(R.string.more), !shown.isBusy, more) }
    }
}

/** What can be tapped on putting a document beside a record. */
class AttachActs(
    val pickFile: () -> Unit,
    val photograph: () -> Unit,
    val choosePicture: () -> Unit,
    val name: (String, String) -> Unit,
    val attach: () -> Unit,
)

/** A photo or a PDF beside a record. */
@Composable
fun AttachScreen(
    shown: Shown<Attach>,
    frame: Frame,
    acts: AttachActs,
) {
    val state = shown.content
    Page(
        stringResource(R.string.attach_title),
        shown,
        frame,
        bottom = { if (state.done == null && state.name != null) Main(stringResource(R.string.attach_go), !shown.isBusy, acts.attach) },
    ) {
        val done = state.done
        if (done != null) {
            written(done)
        } else {
            item { HiddenValue { Body(state.title, strong = true) } }
            item { Body(stringResource(R.string.attach_text)) }
            item { Main(stringResource(R.string.attach_file), !shown.isBusy, acts.pickFile) }
            if (state.hasCamera) item { Other(stringResource(R.string.attach_camera), !shown.isBusy, acts.photograph) }
            item { Other(stringResource(R.string.import_picture), !shown.isBusy, acts.choosePicture) }
            state.name?.let { name ->
                item { Labelled(stringResource(R.string.attach_picked), name) }
                item { DocumentFields(state.documentTitle, state.day, acts.name) }
            }
        }
    }
}

/** What a document is called, and of which day it is. */
@Composable
internal fun DocumentFields(
    title: String,
    day: String,
    set: (String, String) -> Unit,
) = Column(verticalArrangement = Arrangement.spacedBy(8.dp)) {
    Field(title, R.string.document_title, stringResource(R.string.document_title_note)) { set(it, day) }
    Field(day, R.string.document_day, stringResource(R.string.document_day_note)) { set(title, it) }
}

private const val FEW = 8
private const val DAY = 10
