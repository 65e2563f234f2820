package jp.techo.notebook.app.ui

import androidx.compose.foundation.Canvas
import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ExperimentalLayoutApi
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.aspectRatio
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.selection.selectableGroup
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.ui.Modifier
import androidx.compose.ui.geometry.Offset
import androidx.compose.ui.geometry.Size
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.drawscope.DrawScope
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import jp.techo.core.CodeSquares
import jp.techo.core.CodesForm
import jp.techo.notebook.R
import jp.techo.notebook.presentation.Shown
import jp.techo.notebook.presentation.screens.Codes
import jp.techo.notebook.presentation.screens.InTurn
import kotlinx.coroutines.delay
import kotlin.math.floor
import kotlin.time.Duration.Companion.milliseconds

/** What can be tapped on handing over by codes. */
class CodesActs(
    val form: (CodesForm) -> Unit,
    val sensitive: (Boolean) -> Unit,
    val make: () -> Unit,
    val begin: () -> Unit,
    val end: () -> Unit,
    val turn: TurnActs,
)

/** What can be tapped on codes that are shown in turn. */
class TurnActs(
    val next: () -> Unit,
    val previous: () -> Unit,
    val pause: (Boolean) -> Unit,
)

/** Handing over by QR codes: what, what they could not carry, and then they. */
@Composable
fun CodesScreen(
    shown: Shown<Codes>,
    frame: Frame,
    acts: CodesActs,
) {
    val state = shown.content
    val turn = state.shown
    val made = state.made
    when {
        turn != null -> Contrast { TurnPage(turn, Shown(Unit, shown.isBusy, shown.trouble), frame, acts.turn) }
        made != null ->
            Page(
                made.title,
                shown,
                frame,
                bottom = { if (made.codes.isNotEmpty()) Main(stringResource(R.string.codes_begin), !shown.isBusy, acts.begin) },
            ) {
                item { Body(made.text, strong = true) }
                items(made.leftOut.size) { Body("・${made.leftOut[it]}") }
                item { Body(made.note) }
                item { Attention { Text(made.warning) } }
            }
        else ->
            Page(
                stringResource(R.string.codes_title),
                shown,
                frame,
                bottom = { Main(stringResource(R.string.codes_make), !shown.isBusy, acts.make) },
            ) {
                item { Body(state.name, strong = true) }
                item { Note(stringResource(R.string.codes_text)) }
                item {
                    Column(Modifier.selectableGroup()) {
                        CodesForm.entries.forEach { form -> OneOf(stringResource(form.id()), state.form == form) { acts.form(form) } }
                    }
                }
                item {
                    OnOff(
                        stringResource(R.string.codes_sensitive),
                        state.sensitive,
                        stringResource(R.string.codes_sensitive_note),
                        acts.sensitive,
                    )
                }
            }
    }
}

private fun CodesForm.id() =
    when (this) {
        CodesForm.JAHIS -> R.string.codes_jahis
        CodesForm.IPS -> R.string.codes_ips
    }

/** The codes one after the other, until somebody holds them. */
@OptIn(ExperimentalLayoutApi::class)
@Composable
internal fun TurnPage(
    turn: InTurn,
    shown: Shown<*>,
    frame: Frame,
    acts: TurnActs,
) {
    LaunchedEffect(turn.at, turn.isPaused) {
        if (turn.hasMore && !turn.isPaused) {
            delay(EACH)
            acts.next()
        }
    }
    Page(turn.view.title, shown, frame) {
        item { Square(turn.code) }
        item {
            Column(Modifier.semantics { liveRegion = LiveRegionMode.Polite }) { Body(turn.code.text, strong = true) }
        }
        if (turn.hasMore) {
            item {
                FlowRow(horizontalArrangement = Arrangement.spacedBy(8.dp)) {
                    Link(stringResource(R.string.codes_previous), act = acts.previous)
                    Link(stringResource(if (turn.isPaused) R.string.codes_go_on else R.string.codes_pause)) { acts.pause(!turn.isPaused) }
                    Link(stringResource(R.string.codes_next), act = acts.next)
                }
            }
        }
        item { Body(turn.view.note) }
    }
}

/** A code, dark on light by day and by night, each square of whole pixels. */
@Composable
private fun Square(code: CodeSquares) {
    Canvas(
        Modifier.fillMaxWidth().aspectRatio(1f).background(Color.White).semantics { contentDescription = code.text },
    ) { drawSquares(code) }
}

private fun DrawScope.drawSquares(code: CodeSquares) {
    val side = code.side.toInt()
    val each = floor(size.minDimension / side).coerceAtLeast(1f)
    val edge = floor((size.minDimension - each * side) / 2)
    code.squares.forEachIndexed { at, dark ->
        if (dark == DARK) drawRect(Color.Black, Offset(edge + at % side * each, edge + at / side * each), Size(each, each))
    }
}

private const val DARK: Byte = 1
private val EACH = 2_500.milliseconds
