package jp.techo.notebook.app.ui

import androidx.annotation.DrawableRes
import androidx.compose.foundation.background
import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ExperimentalLayoutApi
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.layout.Layout
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.res.painterResource
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.unit.dp
import androidx.compose.ui.unit.sp
import jp.techo.core.BoardRow
import jp.techo.core.DoseLine
import jp.techo.core.DueItem
import jp.techo.core.ExplainedItem
import jp.techo.core.ForgetRow
import jp.techo.notebook.R
import jp.techo.notebook.presentation.Shown
import jp.techo.notebook.presentation.screens.Due
import jp.techo.notebook.presentation.screens.Explain
import jp.techo.notebook.presentation.screens.Forgets
import jp.techo.notebook.presentation.screens.Plan

/** What stands with somebody, on the family board. */
@Composable
internal fun BoardLines(row: BoardRow) =
    Column(verticalArrangement = Arrangement.spacedBy(4.dp)) {
        row.lastCheckup?.let { BoardLine(R.string.board_checkup, it) }
        row.next?.let { BoardLine(R.string.board_next, it) }
        row.changed?.let { BoardLine(R.string.board_changed, it) }
        row.growth?.let { BoardLine(R.string.growth_title, it) }
    }

@Composable
private fun BoardLine(
    label: Int,
    text: String,
) = Column {
    Note(stringResource(label))
    HiddenValue { Body(text) }
}

/** Children beside each other in twos, as long as letters are small enough; else one below the other. */
@Composable
internal fun Pairs(content: @Composable () -> Unit) {
    val columns = if (LocalDensity.current.fontScale > LARGE) 1 else 2
    Layout(content) { measurables, constraints ->
        val gap = 12.dp.roundToPx()
        val wide = (constraints.maxWidth - gap * (columns - 1)) / columns
        val cell = constraints.copy(minWidth = wide, maxWidth = wide, minHeight = 0)
        val lines = measurables.map { it.measure(cell) }.chunked(columns)
        layout(constraints.maxWidth, lines.sumOf { line -> line.maxOf { it.height } }) {
            var top = 0
            lines.forEach { line ->
                val high = line.maxOf { it.height }
                line.forEachIndexed { at, one -> one.placeRelative(at * (wide + gap), top + (high - one.height) / 2) }
                top += high
            }
        }
    }
}

private const val LARGE = 1.4f

/** How a dose or a checkup stands: a picture and a word, so that colour is never needed. */
@Composable
private fun Standing(
    status: String,
    text: String,
) {
    val colors = MaterialTheme.colorScheme
    val (ground, ink) =
        when (status) {
            "due" -> colors.primaryContainer to colors.onPrimaryContainer
            "overdue", "too_early" -> colors.tertiaryContainer to colors.onTertiaryContainer
            "done" -> colors.secondaryContainer to colors.onSecondaryContainer
            else -> colors.surfaceVariant to colors.onSurfaceVariant
        }
    Row(
        Modifier.background(ground, MaterialTheme.shapes.small).padding(horizontal = 8.dp, vertical = 4.dp),
        horizontalArrangement = Arrangement.spacedBy(6.dp),
        verticalAlignment = Alignment.CenterVertically,
    ) {
        StandingPicture(picture(status), ink)
        Text(text, style = MaterialTheme.typography.labelLarge, color = ink)
    }
}

@Composable
private fun StandingPicture(
    @DrawableRes picture: Int,
    ink: Color,
) = Icon(painterResource(picture), null, Modifier.size(with(LocalDensity.current) { 18.sp.toDp() }), tint = ink)

@DrawableRes
private fun picture(status: String) =
    when (status) {
        "done" -> R.drawable.ic_status_done
        "due" -> R.drawable.ic_status_due
        "overdue" -> R.drawable.ic_warning
        "too_early" -> R.drawable.ic_status_early
        "upcoming" -> R.drawable.ic_status_upcoming
        "not_subsidised" -> R.drawable.ic_status_closed
        else -> R.drawable.ic_status_dash
    }

/** What can be tapped on a vaccination plan. */
class PlanActs(
    val record: (String) -> Unit,
    val more: () -> Unit,
    val due: () -> Unit,
    val write: () -> Unit,
)

/** What was given, what is due, what is to come: every dose with its reasons. */
@Composable
fun PlanScreen(
    shown: Shown<Plan>,
    frame: Frame,
    acts: PlanActs,
    hides: Boolean,
) = Hiding(hides) { isCovered, turn ->
    val state = shown.content
    Page(stringResource(R.string.plan_title), shown, frame, actions = { Eye(hides, isCovered, turn) }) {
        state.noPlan?.let { item { Attention { Text(it) } } }
        state.vaccines.forEach { (vaccine, doses) ->
            item { Heading(vaccine) }
            items(doses.size) { at -> DoseSheet(doses[at], acts.record) }
        }
        if (state.next != null) item { Other(stringResource(R.string.more), !shown.isBusy, acts.more) }
        state.note?.let { note ->
            item { Other(stringResource(R.string.due_title), act = acts.due) }
            item { Other(stringResource(R.string.plan_write), act = acts.write) }
            item { Note(note) }
        }
    }
}

@Composable
private fun DoseSheet(
    dose: DoseLine,
    record: (String) -> Unit,
) {
    var isOpen by rememberSaveable { mutableStateOf(false) }
    Sheet(dose.record?.let { id -> { record(id) } }) {
        Body(dose.doseText, strong = true)
        HiddenValue {
            Column(verticalArrangement = Arrangement.spacedBy(4.dp)) {
                Standing(dose.status, dose.statusText)
                if (dose.daysText.isNotEmpty()) Body(dose.daysText)
            }
        }
        if (isOpen) {
            HiddenValue { Column(verticalArrangement = Arrangement.spacedBy(4.dp)) { dose.why.forEach { Body(it) } } }
            Note(stringResource(R.string.plan_rule, dose.rule))
            Note(stringResource(R.string.source_of, dose.source))
        }
        Fold(stringResource(if (isOpen) R.string.plan_why_close else R.string.plan_why)) { isOpen = !isOpen }
    }
}

/** Opens and closes what stands above it. */
@Composable
private fun Fold(
    text: String,
    turn: () -> Unit,
) = Box(
    Modifier.fillMaxWidth().clickable(role = Role.Button, onClick = turn).heightIn(min = LEAST),
    contentAlignment = Alignment.CenterStart,
) { Text(text, style = MaterialTheme.typography.labelLarge, color = MaterialTheme.colorScheme.primary) }

/** Doses and checkups of the next twelve months, by day. */
@OptIn(ExperimentalLayoutApi::class)
@Composable
fun DueScreen(
    shown: Shown<Due>,
    frame: Frame,
    plan: () -> Unit,
    more: () -> Unit,
    hides: Boolean,
) = Hiding(hides) { isCovered, turn ->
    val state = shown.content
    Page(stringResource(R.string.due_title), shown, frame, actions = { Eye(hides, isCovered, turn) }) {
        if (state.note != null && state.items.isEmpty()) item { Body(stringResource(R.string.due_none)) }
        items(state.items.size, { state.items[it].id }) { at -> DueSheet(state.items[at]) }
        if (state.next != null) item { Other(stringResource(R.string.more), !shown.isBusy, more) }
        state.note?.let { note ->
            item { Other(stringResource(R.string.plan_title), act = plan) }
            item { Note(note) }
        }
    }
}

@OptIn(ExperimentalLayoutApi::class)
@Composable
private fun DueSheet(item: DueItem) =
    Sheet {
        FlowRow(horizontalArrangement = Arrangement.spacedBy(12.dp)) {
            Body(item.date, strong = true)
            item.until?.let { Note(stringResource(R.string.due_until, it)) }
        }
        HiddenValue {
            Column(verticalArrangement = Arrangement.spacedBy(4.dp)) {
                Body(item.title)
                Standing(item.status, item.statusText)
            }
        }
        Note(stringResource(R.string.source_of, item.source))
    }

/** What can be tapped on the countdown. */
class ForgetsActs(
    val event: (String) -> Unit,
    val more: () -> Unit,
    val fetch: () -> Unit,
)

/** What leaves Mynaportal, the soonest first, and the fetch that saves it. */
@Composable
fun ForgetsScreen(
    shown: Shown<Forgets>,
    frame: Frame,
    acts: ForgetsActs,
    hides: Boolean,
) = Hiding(hides) { isCovered, turn ->
    val state = shown.content
    Page(
        stringResource(R.string.forgets_title),
        shown,
        frame,
        actions = { Eye(hides, isCovered, turn) },
        bottom = { if (state.canFetch) Main(stringResource(R.string.forgets_fetch), !shown.isBusy, acts.fetch) },
    ) {
        items(state.notes.size) { at -> Note(state.notes[at]) }
        if (state.isRead && state.rows.isEmpty()) item { Body(stringResource(R.string.forgets_none)) }
        items(state.rows.size, { state.rows[it].event }) { at -> ForgetSheet(state.rows[at], acts.event) }
        if (state.hasMore) item { Other(stringResource(R.string.more), !shown.isBusy, acts.more) }
    }
}

@Composable
private fun ForgetSheet(
    row: ForgetRow,
    event: (String) -> Unit,
) = Sheet({ event(row.event) }) {
    row.date?.let { Note(it) }
    HiddenValue { Body(row.title, strong = true) }
    val leaves = row.leavesOn
    if (leaves == null) {
        Body(stringResource(R.string.forgets_leaves, row.daysText))
    } else {
        Body(row.daysText)
        Note(stringResource(R.string.forgets_leaves, leaves))
    }
}

/** A checkup in plain words, item by item. */
@Composable
fun ExplainScreen(
    shown: Shown<Explain>,
    frame: Frame,
    record: (String) -> Unit,
    more: () -> Unit,
    hides: Boolean,
) = Hiding(hides) { isCovered, turn ->
    val view = shown.content.view
    Page(stringResource(R.string.explain_title), shown, frame, actions = { Eye(hides, isCovered, turn) }) {
        if (view == null) return@Page
        item {
            Column(verticalArrangement = Arrangement.spacedBy(4.dp)) {
                HiddenValue { Heading(view.title) }
                view.date?.let { Note(it) }
            }
        }
        items(view.notes.size) { at -> Note(view.notes[at]) }
        if (view.items.isEmpty()) item { Body(stringResource(R.string.explain_none)) }
        items(view.items.size, { view.items[it].record }) { at -> ExplainedSheet(view.items[at], record) }
        if (shown.content.hasMore) item { Other(stringResource(R.string.more), !shown.isBusy, more) }
    }
}

@Composable
private fun ExplainedSheet(
    item: ExplainedItem,
    record: (String) -> Unit,
) = Sheet({ record(item.record) }) {
    HiddenValue {
        Column(verticalArrangement = Arrangement.spacedBy(4.dp)) {
            Body(item.title)
            if (item.value.isNotEmpty()) Body(item.value, strong = true)
            item.band?.let { Body(it) }
            item.range?.let { Note(it) }
            item.change?.let { Body(it) }
        }
    }
    item.what?.let { Note(it) }
}
